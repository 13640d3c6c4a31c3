import type { Server as HttpServer } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { MovableClock } from '../../kernel/index.js';
import { readBody } from '../api-server.js';
import type { Emulator, EmulatorOptions } from '../emulator.js';
import { startEmulator } from '../emulator.js';

/** A made-up company and app for the emulator's own tests. Nothing here is a real credential. */
export const CORP = {
  corpId: 'wwemulatedcorp01',
  agentId: 1000002,
  secret: 'emulated-secret',
  token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
};

const COMPANY: Pick<EmulatorOptions, 'people' | 'departments'> = {
  departments: [
    { id: 1, name: '云帆科技', parentid: 0 },
    { id: 2, name: '华东销售部', parentid: 1, leaders: ['wangmin'] },
    { id: 3, name: '华北销售部', parentid: 1 },
  ],
  people: [
    { userid: 'ZhangSan', name: '张三', department: [2], directLeader: 'wangmin' },
    { userid: 'lisi', name: '李四', department: [2], directLeader: 'wangmin' },
    { userid: 'wangmin', name: '王敏', department: [2], isLeaderIn: [2], position: '经理' },
    { userid: 'gone', name: '离职', department: [2], status: 5 },
    { userid: 'nolicence', name: '未授权', department: [3], licensed: false },
    { userid: 'outside', name: '范围外', department: [3], inRange: false },
  ],
};

/** What the app's callback address received, decrypted, and how it answers. */
class CallbackApp {
  readonly received: { xml: string; query: URLSearchParams; body: string }[] = [];
  /** How a callback is answered: nothing, a status, or a plaintext XML to encrypt. */
  answerWith: (xml: string) => { status?: number; xml?: string; body?: string; hang?: boolean } =
    () => ({});
  readonly #http: HttpServer;

  private constructor() {
    this.#http = createServer((request, response) => {
      void (async () => {
        const query = new URL(request.url ?? '/', 'http://app').searchParams;
        if (request.method === 'GET') {
          response.end(decrypt(CORP.encodingAesKey, query.get('echostr') ?? '').message);
          return;
        }
        const body = (await readBody(request)).toString('utf8');
        const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? '';
        const { message: xml } = decrypt(CORP.encodingAesKey, encrypted);
        this.received.push({ xml, query, body });
        const answer = this.answerWith(xml);
        if (answer.hang) return;
        response.statusCode = answer.status ?? 200;
        response.end(answer.xml === undefined ? (answer.body ?? '') : sealReply(answer.xml));
      })();
    });
  }

  static async start(): Promise<CallbackApp> {
    const app = new CallbackApp();
    await new Promise<void>((resolve) => app.#http.listen(0, '127.0.0.1', resolve));
    return app;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}/wecom/callback`;
  }

  /** One field of the last callback, without its CDATA. */
  last(name: string): string {
    return fieldOf(this.received.at(-1)?.xml ?? '', name);
  }

  stop(): void {
    this.#http.closeAllConnections();
    this.#http.close();
  }
}

export function fieldOf(xml: string, name: string): string {
  return new RegExp(`<${name}>(?:<!\\[CDATA\\[)?([^\\]<]*)`).exec(xml)?.[1] ?? '';
}

/** An encrypted passive reply as an app sends it. */
export function sealReply(
  xml: string,
  { token = CORP.token, receiveId = CORP.corpId } = {},
): string {
  const encrypted = encrypt(CORP.encodingAesKey, xml, receiveId);
  const signature = getSignature(token, '1700000000', '42', encrypted);
  return (
    `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signature}]]></MsgSignature>` +
    '<TimeStamp>1700000000</TimeStamp><Nonce><![CDATA[42]]></Nonce></xml>'
  );
}

/** An answer of the API. */
export type ApiAnswer = { errcode: number; errmsg: string } & Record<string, unknown>;

/** An emulator, an app behind its callback URL, and a way to call the API with a token. */
export class Company {
  private constructor(
    readonly clock: MovableClock,
    readonly wecom: Emulator,
    readonly app: CallbackApp,
  ) {}

  static async open(options: Partial<EmulatorOptions> = {}): Promise<Company> {
    const clock = new MovableClock(new Date('2026-03-11T10:00:00+08:00'));
    const app = await CallbackApp.start();
    const wecom = await startEmulator({
      clock,
      ...CORP,
      ...COMPANY,
      callbackUrl: app.url,
      callbacks: { retryDelayMs: 0 },
      ...options,
    });
    return new Company(clock, wecom, app);
  }

  async close(): Promise<void> {
    this.app.stop();
    await this.wecom.stop();
  }

  async call(method: string, path: string, body?: unknown): Promise<ApiAnswer> {
    const response = await fetch(`${this.wecom.url}/cgi-bin/${path}`, {
      method,
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return (await response.json()) as ApiAnswer;
  }

  /** A fresh access_token. */
  async token(): Promise<string> {
    const path = `gettoken?corpid=${CORP.corpId}&corpsecret=${CORP.secret}`;
    return String((await this.call('GET', path))['access_token']);
  }

  async post(path: string, body: unknown): Promise<ApiAnswer> {
    const glue = path.includes('?') ? '&' : '?';
    return this.call('POST', `${path}${glue}access_token=${await this.token()}`, body);
  }

  async get(path: string): Promise<ApiAnswer> {
    const glue = path.includes('?') ? '&' : '?';
    return this.call('GET', `${path}${glue}access_token=${await this.token()}`);
  }

  /** message/send to `touser`, with the right agentid. */
  send(message: Record<string, unknown>, touser = 'zhangsan'): Promise<ApiAnswer> {
    return this.post('message/send', { touser, agentid: CORP.agentId, ...message });
  }

  sendText(content: string, more: Record<string, unknown> = {}): Promise<ApiAnswer> {
    return this.send({ msgtype: 'text', text: { content }, ...more });
  }

  sendCard(card: Record<string, unknown>, touser = 'zhangsan'): Promise<ApiAnswer> {
    return this.send({ msgtype: 'template_card', template_card: card }, touser);
  }
}

/** A button card that breaks no rule, to be spoiled by tests one field at a time. */
export function approvalCard(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    card_type: 'button_interaction',
    main_title: { title: '阶段变更审批', desc: '华为二期 方案 → 商务' },
    button_list: [
      { text: '同意', style: 1, key: 'approve' },
      { text: '驳回', style: 2, key: 'reject' },
    ],
    task_id: 'task_1',
    ...more,
  };
}

export function noticeCard(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    card_type: 'text_notice',
    main_title: { title: '今日待办', desc: '3 项' },
    card_action: { type: 1, url: 'https://example.com/today' },
    ...more,
  };
}
