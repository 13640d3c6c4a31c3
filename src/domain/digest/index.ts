export * from './change-log.js';
export * from './schedule.js';
export * from './todos.js';
