export type * from './ports.js';
export type * from './verbs.js';
