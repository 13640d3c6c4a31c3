import { z } from 'zod';

import { SettingsError, type Problem } from './problems.js';

type Env = Readonly<Record<string, string | undefined>>;

const text = z.string().trim().min(1);
const port = z.coerce.number().int().min(0).max(65_535);
const url = z.url().transform((value) => value.replace(/\/+$/, ''));
const userids = z.string().transform((list) =>
  list
    .split(/[\s,|]+/)
    .filter(Boolean)
    .map((id) => id.toLowerCase()),
);

const serverEnv = z.object({
  PORT: port.default(3000),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\//, 'must begin with mongodb:// or mongodb+srv://')
    .optional(),
  DATA_DIR: text.default('./data'),
  CONFIG_DIR: text.default('./config'),
  BOT_SCRIPTS_DIR: text.optional(),
  PUBLIC_URL: url.optional(),
  ADMIN_USERIDS: userids.default([]),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ALERT_WEBHOOK_URL: url.optional(),
  HTTPS_PROXY: url.optional(),
  HTTP_PROXY: url.optional(),
  NO_PROXY: text.optional(),
});

const wecomEnv = z.object({
  WECOM_CORP_ID: text,
  WECOM_AGENT_ID: z.coerce.number().int().positive(),
  WECOM_SECRET: text,
  WECOM_TOKEN: z.string().regex(/^[A-Za-z0-9]{1,32}$/, 'letters and digits, at most 32'),
  WECOM_ENCODING_AES_KEY: z.string().regex(/^[A-Za-z0-9]{43}$/, 'exactly 43 letters and digits'),
  WECOM_API_BASE_URL: url.default('https://qyapi.weixin.qq.com'),
});

export interface ServerSettings {
  port: number;
  /** Unset: the embedded database under dataDir. */
  mongodbUri: string | null;
  dataDir: string;
  configDir: string;
  botScriptsDir: string | null;
  /** Where people reach us; cards link to pages under it. */
  publicUrl: string | null;
  adminUserids: string[];
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Alarms go there as well, when WeCom itself may be the trouble. */
  alertWebhookUrl: string | null;
  /** The way out to WeCom, for networks with a fixed egress address. */
  proxy: { httpsProxy?: string; httpProxy?: string; noProxy?: string };
}

export interface WecomSettings {
  corpId: string;
  agentId: number;
  secret: string;
  token: string;
  encodingAesKey: string;
  baseUrl: string;
}

export interface EnvSettings {
  server: ServerSettings;
  wecom: WecomSettings;
}

const DEMO_HINT = 'To try it without any of these: npm run demo';

/**
 * The environment, checked. An empty variable counts as absent.
 * @throws SettingsError with everything missing or wrong, in one list.
 */
export function readEnv(env: Env): EnvSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const server = serverEnv.safeParse(given);
  const wecom = wecomEnv.safeParse(given);
  const problems = [...problemsOf(server, given), ...problemsOf(wecom, given)];
  if (!server.success || !wecom.success) throw new SettingsError(problems, DEMO_HINT);
  return { server: serverSettings(server.data), wecom: wecomSettings(wecom.data) };
}

/** The part that has nothing to do with WeCom; all the demo and `config:check` need. */
export function readServerEnv(env: Env): ServerSettings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const server = serverEnv.safeParse(given);
  if (!server.success) throw new SettingsError(problemsOf(server, given));
  return serverSettings(server.data);
}

function serverSettings(env: z.output<typeof serverEnv>): ServerSettings {
  return {
    port: env.PORT,
    mongodbUri: env.MONGODB_URI ?? null,
    dataDir: env.DATA_DIR,
    configDir: env.CONFIG_DIR,
    botScriptsDir: env.BOT_SCRIPTS_DIR ?? null,
    publicUrl: env.PUBLIC_URL ?? null,
    adminUserids: env.ADMIN_USERIDS,
    logLevel: env.LOG_LEVEL,
    alertWebhookUrl: env.ALERT_WEBHOOK_URL ?? null,
    proxy: {
      ...(env.HTTPS_PROXY && { httpsProxy: env.HTTPS_PROXY }),
      ...(env.HTTP_PROXY && { httpProxy: env.HTTP_PROXY }),
      ...(env.NO_PROXY && { noProxy: env.NO_PROXY }),
    },
  };
}

function wecomSettings(env: z.output<typeof wecomEnv>): WecomSettings {
  return {
    corpId: env.WECOM_CORP_ID,
    agentId: env.WECOM_AGENT_ID,
    secret: env.WECOM_SECRET,
    token: env.WECOM_TOKEN,
    encodingAesKey: env.WECOM_ENCODING_AES_KEY,
    baseUrl: env.WECOM_API_BASE_URL,
  };
}

function problemsOf(result: z.ZodSafeParseResult<unknown>, given: Env): Problem[] {
  if (result.success) return [];
  return result.error.issues.map(({ path, message }) => {
    const where = path.join('.');
    // The value itself is never repeated: it may be a secret.
    return { where, what: given[where] === undefined ? 'is missing' : message };
  });
}
