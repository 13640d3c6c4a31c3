export * from './card.js';
export * from './incoming.js';
export * from './message.js';
export * from './sender.js';
export * from './views/index.js';
