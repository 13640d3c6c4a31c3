export * from './clock.js';
export * from './day.js';
export * from './decision.js';
export * from './errors.js';
export * from './id.js';
export * from './logger.js';
export * from './money.js';
export * from './ports.js';
