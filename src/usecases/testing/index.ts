export * from './company.js';
export * from './memory-world.js';
export * from './scene.js';
