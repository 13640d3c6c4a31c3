export { startEmbeddedDb, type EmbeddedDb, type StartEmbeddedDbOptions } from './child.js';
export { createEmbeddedServer, type EmbeddedServer, type EmbeddedServerOptions } from './server.js';
export { FolderInUse } from './storage/level-log.js';
