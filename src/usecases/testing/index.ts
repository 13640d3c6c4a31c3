export * from './company.js';
export * from './memory-world.js';
