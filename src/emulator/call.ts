import type { Clock } from '../kernel/index.js';
import type { Directory } from './directory.js';
import type { Fields } from './fields.js';
import type { Limits } from './limits.js';
import type { World } from './world.js';

/** The self-built app (自建应用) this emulator hosts. */
export interface AppIdentity {
  corpId: string;
  agentId: number;
  secret: string;
}

/** How gettoken answers while a token is still valid. The real one is undocumented: section 3. */
export type TokenRepeat = 'new-keeps-old' | 'new-kills-old' | 'same';

/** Everything an API may look at or change. */
export interface Server {
  readonly app: AppIdentity;
  readonly clock: Clock;
  readonly directory: Directory;
  readonly world: World;
  readonly limits: Limits;
  readonly tokenRepeat: TokenRepeat;
  /** Whether the app's visible range is the root department; appchat needs that (48002). */
  readonly visibleToAll: boolean;
  /** Login codes handed out by `authorize`, for auth/getuserinfo. */
  readonly loginCodes: Map<string, { userid: string; issuedAt: number; used: boolean }>;
  readonly failedLogins: Map<string, { count: number; bannedUntil: number }>;
  readonly dropped: DroppedMessage[];
  callbackUrl(): string | undefined;
}

/** A message that WeCom swallowed without an error because its receiver had too many. */
export interface DroppedMessage {
  at: string;
  userid: string;
  endpoint: string;
}

/** One request to an API, after the token was checked and the body parsed. */
export interface Call {
  readonly server: Server;
  readonly query: URLSearchParams;
  /** The JSON body; empty for GET and for uploads. */
  readonly body: Fields;
  /** The body byte for byte. */
  readonly raw: Buffer;
  readonly contentType: string;
  readonly callerIp: string;
  readonly now: Date;
}

/** What an API adds to `{errcode: 0, errmsg: "ok"}`. */
export type Answer = Record<string, unknown>;

/** One API: its path below /cgi-bin/, how it is called and what it does. */
export interface Api {
  path: string;
  method: 'GET' | 'POST';
  /** `token`: needs access_token · `open`: brings its own credentials · `upload`: token, body is a file. */
  access: 'token' | 'open' | 'upload' | 'open-upload';
  handle(call: Call): Answer | Promise<Answer>;
}
