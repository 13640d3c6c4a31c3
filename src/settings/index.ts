export { readConfig, type Config } from './config.js';
export {
  readEnv,
  readServerEnv,
  type EnvSettings,
  type ServerSettings,
  type WecomSettings,
} from './env.js';
export { openConfig, type LiveConfig } from './live-config.js';
export { SettingsError, type Problem } from './problems.js';
