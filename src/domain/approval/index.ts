export * from './approval.js';
export * from './approvers.js';
export * from './gate.js';
export * from './settle.js';
