export * from './member.js';
export * from './permission.js';
