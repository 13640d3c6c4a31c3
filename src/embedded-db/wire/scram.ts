import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';
import { Binary, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';

const ITERATIONS = 15_000;

/** The one account of a server that listens beyond this machine. */
export interface Account {
  readonly user: string;
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** Keeps what SCRAM needs of a password, not the password (RFC 5802, RFC 7677). */
export function createAccount(user: string, password: string): Account {
  const salt = randomBytes(28);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  return {
    user,
    salt,
    storedKey: createHash('sha256').update(clientKey).digest(),
    serverKey: hmac(salted, 'Server Key'),
  };
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

const FAILED = 'Authentication failed.';

/** Whether one connection has proved who it is, and the exchange by which it does (SCRAM-SHA-256). */
export class Authentication {
  /** A server without an account trusts whoever reaches it: it listens on this machine only. */
  authenticated: boolean;
  private firstBare = '';
  private serverFirst = '';
  private skipEmptyExchange = false;
  private verified = false;

  constructor(private readonly account: Account | undefined) {
    this.authenticated = account === undefined;
  }

  get mechanisms(): readonly string[] {
    return this.account ? ['SCRAM-SHA-256'] : [];
  }

  get user(): string | undefined {
    return this.account && this.authenticated ? this.account.user : undefined;
  }

  /** @throws DbError 18 for another mechanism or a malformed message */
  start(command: Doc): Doc {
    if (!this.account || command['mechanism'] !== 'SCRAM-SHA-256') {
      throw new DbError(334, `Unsupported mechanism '${String(command['mechanism'])}'`);
    }
    const message = payloadOf(command);
    const match = /^[ny],,(n=([^,]*),r=([^,]+))$/.exec(message);
    if (!match) throw new DbError(18, FAILED);
    const [, bare = '', , clientNonce = ''] = match;
    const options = command['options'] as Doc | undefined;
    this.skipEmptyExchange = options?.['skipEmptyExchange'] === true;
    this.firstBare = bare;
    const nonce = clientNonce + randomBytes(24).toString('base64');
    this.serverFirst = `r=${nonce},s=${this.account.salt.toString('base64')},i=${ITERATIONS}`;
    this.verified = false;
    return this.answer(this.serverFirst, false);
  }

  /** @throws DbError 18 when the proof is wrong */
  proceed(command: Doc): Doc {
    if (this.verified) {
      this.authenticated = true;
      return this.answer('', true);
    }
    const { account } = this;
    const match = /^(c=([^,]*),r=([^,]*)),p=(.+)$/.exec(payloadOf(command));
    if (!account || !match || this.serverFirst === '') throw new DbError(18, FAILED);
    const [, withoutProof = '', , nonce = '', proof = ''] = match;
    const authMessage = `${this.firstBare},${this.serverFirst},${withoutProof}`;
    if (!this.serverFirst.startsWith(`r=${nonce},`) || !this.proves(account, authMessage, proof)) {
      this.serverFirst = '';
      throw new DbError(18, FAILED);
    }
    this.verified = true;
    this.authenticated = this.skipEmptyExchange;
    const signature = hmac(account.serverKey, authMessage).toString('base64');
    return this.answer(`v=${signature}`, this.skipEmptyExchange);
  }

  logout(): void {
    this.authenticated = this.account === undefined;
    this.verified = false;
  }

  private proves(account: Account, authMessage: string, proof: string): boolean {
    const given = Buffer.from(proof, 'base64');
    const signature = hmac(account.storedKey, authMessage);
    if (given.length !== signature.length) return false;
    const clientKey = given.map((byte, i) => byte ^ (signature[i] as number));
    const key = createHash('sha256').update(clientKey).digest();
    const rightUser = unescapeName(/^n=([^,]*)/.exec(this.firstBare)?.[1] ?? '') === account.user;
    return timingSafeEqual(key, account.storedKey) && rightUser;
  }

  private answer(text: string, done: boolean): Doc {
    return { conversationId: 1, done, payload: new Binary(Buffer.from(text)) };
  }
}

function unescapeName(name: string): string {
  return name.replaceAll('=2C', ',').replaceAll('=3D', '=');
}

function payloadOf(command: Doc): string {
  const payload = command['payload'];
  if (payload instanceof Binary)
    return Buffer.from(payload.buffer.subarray(0, payload.position)).toString();
  if (typeof payload === 'string') return Buffer.from(payload, 'base64').toString();
  throw new DbError(18, FAILED);
}
