import { setTimeout as sleepFor } from 'node:timers/promises';

import type { Dispatcher } from 'undici';
import { FormData } from 'undici';
import type { z } from 'zod';

import type { Clock, Leases, Logger, TokenStore } from '../../kernel/index.js';
import { AccessToken } from './access-token.js';
import type { Appchat, ContactDepartment, ContactUser, SentAnswer } from './answers.js';
import {
  appchatAnswer,
  departmentAnswer,
  departmentIdsAnswer,
  ipsAnswer,
  mediaAnswer,
  nothing,
  sentAnswer,
  tokenAnswer,
  updatedAnswer,
  userAnswer,
  usersAnswer,
} from './answers.js';
import type { ApiCall } from './api-caller.js';
import { ApiCaller } from './api-caller.js';
import { createTransport } from './transport.js';

/** Shorter than the lease of an outbox lane; WeCom answers within a second as a rule. */
const TIMEOUT_MS = 10_000;

export interface WecomClientOptions {
  corpId: string;
  agentId: number;
  secret: string;
  /** e.g. https://qyapi.weixin.qq.com */
  baseUrl: string;
  tokens: TokenStore;
  leases: Leases;
  /** Differs between the instances of the server. */
  instanceId: string;
  clock: Clock;
  log: Logger;
  /** From createDispatcher, shared with others; undici's own when left out. */
  dispatcher?: Dispatcher;
  timeoutMs?: number;
  sleep?: (ms: number) => Promise<void>;
  chance?: () => number;
}

export interface MenuButton {
  /** ≤ 16 bytes */
  name: string;
  /** ≤ 128 bytes; comes back as Incoming.item. */
  key: string;
}

export interface CardUpdate {
  userids: string[];
  responseCode: string;
  /** As cards/ builds it. */
  card: object;
}

/**
 * WeCom's server API, one method each. Everything throws AppError: `wecom.<errcode>` when WeCom refuses,
 * `wecom.unreachable` when nobody answers, `wecom.unknown-outcome` when a group message may have arrived.
 * Only readings are repeated here after a lost answer; sendings are repeated by whoever keeps them.
 */
export interface WecomClient {
  readonly agentId: number;
  /** @param body the request as stored, sent byte for byte so that the duplicate check knows it. */
  sendMessage(body: string): Promise<SentAnswer>;
  updateTemplateCard(update: CardUpdate): Promise<{ invalidUserids: string[] }>;
  /** Within 24 h; 42052 after that. */
  recallMessage(messageId: string): Promise<void>;

  createAppchat(chat: Appchat): Promise<void>;
  updateAppchat(change: {
    chatId: string;
    name?: string;
    ownerId?: string;
    addIds?: string[];
    removeIds?: string[];
  }): Promise<void>;
  getAppchat(chatId: string): Promise<Appchat>;
  sendToAppchat(body: string): Promise<void>;
  /** @param key the secret part of the webhook's URL. */
  sendToWebhook(key: string, body: string): Promise<void>;

  /** Answers the media_id, good for three days. */
  uploadMedia(kind: 'image' | 'voice' | 'video' | 'file', file: MediaFile): Promise<string>;

  getUser(userid: string): Promise<ContactUser>;
  /** Those of this department only, without its sub-departments. */
  listUsers(departmentId: number): Promise<ContactUser[]>;
  /** All departments the app can see. */
  listDepartments(): Promise<{ id: number; parentId: number }[]>;
  getDepartment(id: number): Promise<ContactDepartment>;

  createMenu(buttons: readonly MenuButton[]): Promise<void>;
  /** Addresses callbacks come from; may hold wildcards such as 101.226.103.*. */
  getCallbackIps(): Promise<string[]>;
  getApiDomainIps(): Promise<string[]>;
  /** What WeCom's clock says, to the second; null when the answer does not tell. */
  serverTime(): Promise<Date | null>;
  /** Whether the credentials work: a token, shared as ever. */
  checkCredentials(): Promise<void>;
  /** Whether a valid token is at hand; asks WeCom for nothing. */
  hasToken(): Promise<boolean>;
}

export interface MediaFile {
  name: string;
  bytes: Uint8Array;
}

type Calls = <T>(call: Omit<ApiCall, 'access'>, shape: z.ZodType<T>) => Promise<T>;

export function createWecomClient(options: WecomClientOptions): WecomClient {
  const { agentId, clock, log } = options;
  const sleep = options.sleep ?? ((ms: number) => sleepFor(ms));
  const caller = new ApiCaller({
    transport: createTransport({
      baseUrl: options.baseUrl,
      timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
      ...(options.dispatcher && { dispatcher: options.dispatcher }),
    }),
    clock,
    log,
    sleep,
    chance: options.chance ?? Math.random,
    secrets: [options.secret],
  });
  const token = new AccessToken({ ...options, sleep, fetchToken: () => getToken(caller, options) });
  const call: Calls = (request, shape) =>
    caller.call({ ...request, access: 'token' }, shape, token);

  return {
    agentId,
    ...messaging(call, agentId, caller),
    ...groups(call),
    ...contacts(call),
    ...app(call, agentId),
    async serverTime() {
      const probe = { ...read('get_api_domain_ip'), access: 'token' as const };
      return (await caller.exchange(probe, token)).serverDate;
    },
    hasToken: () => token.isReady(),
    async checkCredentials() {
      await token.get();
    },
  };
}

async function getToken(
  caller: ApiCaller,
  { corpId, secret }: WecomClientOptions,
): Promise<{ value: string; expiresInMs: number }> {
  const query = { corpid: corpId, corpsecret: secret };
  const answer = await caller.call(
    { method: 'GET', path: 'gettoken', query, access: 'query', repeat: 'checked' },
    tokenAnswer,
  );
  return { value: answer.access_token, expiresInMs: answer.expires_in * 1000 };
}

type Part<Names extends keyof WecomClient> = Pick<WecomClient, Names>;

function messaging(
  call: Calls,
  agentId: number,
  caller: ApiCaller,
): Part<'sendMessage' | 'updateTemplateCard' | 'recallMessage' | 'sendToWebhook' | 'uploadMedia'> {
  return {
    sendMessage: (body) => call(post('message/send', body), sentAnswer),

    updateTemplateCard: ({ userids, responseCode, card }) =>
      call(
        post('message/update_template_card', {
          userids,
          agentid: agentId,
          response_code: responseCode,
          template_card: card,
        }),
        updatedAnswer,
      ),

    async recallMessage(messageId) {
      await call(post('message/recall', { msgid: messageId }), nothing);
    },

    async sendToWebhook(key, body) {
      const request = { ...post('webhook/send', body), query: { key } };
      await caller.call({ ...request, access: 'query', repeat: 'once' }, nothing);
    },

    uploadMedia(kind, { name, bytes }) {
      const body = new FormData();
      body.append('media', new Blob([bytes]), name);
      return call(
        { method: 'POST', path: 'media/upload', query: { type: kind }, body, repeat: 'checked' },
        mediaAnswer,
      );
    },
  };
}

function groups(
  call: Calls,
): Part<'createAppchat' | 'updateAppchat' | 'getAppchat' | 'sendToAppchat'> {
  return {
    async createAppchat({ chatId, name, ownerId, memberIds }) {
      const chat = { name, owner: ownerId, userlist: memberIds, chatid: chatId };
      await call(post('appchat/create', chat), nothing);
    },

    async updateAppchat({ chatId, name, ownerId, addIds = [], removeIds = [] }) {
      const change = {
        chatid: chatId,
        ...(name !== undefined && { name }),
        ...(ownerId !== undefined && { owner: ownerId }),
        ...(addIds.length > 0 && { add_user_list: addIds }),
        ...(removeIds.length > 0 && { del_user_list: removeIds }),
      };
      await call(post('appchat/update', change), nothing);
    },

    getAppchat: (chatId) => call(read('appchat/get', { chatid: chatId }), appchatAnswer),

    async sendToAppchat(body) {
      await call({ ...post('appchat/send', body), repeat: 'once' }, nothing);
    },
  };
}

function contacts(
  call: Calls,
): Part<'getUser' | 'listUsers' | 'listDepartments' | 'getDepartment'> {
  return {
    getUser: (userid) => call(read('user/get', { userid }), userAnswer),
    listUsers: (id) => call(read('user/list', { department_id: String(id) }), usersAnswer),
    listDepartments: () => call(read('department/simplelist'), departmentIdsAnswer),
    getDepartment: (id) => call(read('department/get', { id: String(id) }), departmentAnswer),
  };
}

function app(
  call: Calls,
  agentId: number,
): Part<'createMenu' | 'getCallbackIps' | 'getApiDomainIps'> {
  return {
    async createMenu(buttons) {
      const button = buttons.map(({ name, key }) => ({ type: 'click', name, key }));
      const request = { ...post('menu/create', { button }), query: { agentid: String(agentId) } };
      await call(request, nothing);
    },
    getCallbackIps: () => call(read('getcallbackip'), ipsAnswer),
    getApiDomainIps: () => call(read('get_api_domain_ip'), ipsAnswer),
  };
}

type Request = Omit<ApiCall, 'access'>;

function read(path: string, query: Record<string, string> = {}): Request {
  return { method: 'GET', path, query, repeat: 'freely' };
}

function post(path: string, body: string | object): Request {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'POST', path, body: text, repeat: 'checked' };
}
