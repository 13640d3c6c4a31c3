export { startEmbeddedDb, type EmbeddedDb, type StartEmbeddedDbOptions } from './child.js';
export { keepEmbeddedDb, type KeepEmbeddedDbOptions, type KeptEmbeddedDb } from './keep-alive.js';
export { createEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions } from './server.js';
export { FolderInUse } from './storage/level-log.js';
