export * from './criteria.js';
export * from './pipeline.js';
export * from './stage.js';
