export * from './create-use-cases.js';
export type * from './ports.js';
export type * from './verbs.js';
