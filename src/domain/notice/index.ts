export * from './facts.js';
export * from './notice.js';
