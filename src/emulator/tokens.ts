import type { Answer, Api, Call, Server } from './call.js';
import { Errcode, refuse } from './errcodes.js';
import { opaqueId } from './ids.js';

const TOKEN_TTL_MS = 7200_000;
/** Wrong secrets in a row before the caller's IP is locked out of gettoken. The real number is not published. */
const WRONG_SECRETS_BEFORE_BAN = 5;
const BAN_MS = 3600_000;

/** GET gettoken: path 91039. */
export const tokenApis: Api[] = [
  { path: 'gettoken', method: 'GET', access: 'open', handle: issueToken },
];

function issueToken({ server, query, callerIp, now }: Call): Answer {
  const corpId = query.get('corpid') ?? '';
  const secret = query.get('corpsecret') ?? '';
  if (corpId === '') refuse(Errcode.corpIdMissing, 'corpid missing');
  if (secret === '') refuse(Errcode.secretMissing, 'corpsecret missing');
  const failures = server.failedLogins.get(callerIp) ?? { count: 0, bannedUntil: 0 };
  if (failures.bannedUntil > now.getTime()) {
    refuse(Errcode.frequencyExceeded, `api freq out of limit, from ip: ${callerIp}`);
  }
  if (corpId !== server.app.corpId) refuse(Errcode.wrongCorpId, 'invalid corpid');
  if (secret !== server.app.secret) {
    const count = failures.count + 1;
    const banned = count >= WRONG_SECRETS_BEFORE_BAN;
    server.failedLogins.set(callerIp, {
      count: banned ? 0 : count,
      bannedUntil: banned ? now.getTime() + BAN_MS : 0,
    });
    refuse(Errcode.wrongSecret, 'invalid credential');
  }
  server.failedLogins.delete(callerIp);
  return grant(server, now.getTime());
}

function grant(server: Server, nowMs: number): Answer {
  const tokens = server.world.state.tokens;
  if (server.tokenRepeat === 'same') {
    const current = Object.entries(tokens).find(([, token]) => token.expiresAt > nowMs);
    if (current) {
      const expiresIn = Math.floor((current[1].expiresAt - nowMs) / 1000);
      return { access_token: current[0], expires_in: expiresIn };
    }
  }
  for (const [old, token] of Object.entries(tokens)) {
    const longGone = token.expiresAt < nowMs - TOKEN_TTL_MS;
    if (longGone || server.tokenRepeat === 'new-kills-old') delete tokens[old];
  }
  const token = opaqueId(48);
  tokens[token] = { expiresAt: nowMs + TOKEN_TTL_MS };
  return { access_token: token, expires_in: TOKEN_TTL_MS / 1000 };
}

/** Refuses a request without a valid access_token: 41001 missing, 40014 unknown, 42001 expired. */
export function checkToken(server: Server, query: URLSearchParams, now: Date): void {
  const given = query.get('access_token') ?? '';
  if (given === '') refuse(Errcode.tokenMissing, 'access_token missing');
  const token = server.world.state.tokens[given];
  if (!token) return refuse(Errcode.invalidToken, 'invalid access_token');
  if (token.expiresAt <= now.getTime()) refuse(Errcode.tokenExpired, 'access_token expired');
}

/** Makes every issued token invalid before its time, as WeCom may do: calls answer 40014. */
export function revokeTokens(server: Server): void {
  server.world.state.tokens = {};
}
