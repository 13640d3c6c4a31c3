export * from './attention.js';
export * from './follow-up.js';
export * from './rhythm.js';
