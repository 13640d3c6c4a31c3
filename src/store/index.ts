export { connectStore } from './connect.js';
export type { Store, StoreOptions } from './connect.js';
export { INDEXES } from './indexes.js';
