export { createLogger, type LoggerOptions } from './logger.js';
export { redact } from './redaction.js';
