import type { Receipt, Recipient, Sender } from '../../chat/index.js';
import type { Clock, RateLimiter } from '../../kernel/index.js';
import { AppError } from '../../kernel/index.js';
import { cardToUpdate } from '../cards/template-card.js';
import type { SentAnswer } from '../client/answers.js';
import { errcodeOf, isDeadCard, isUnreachableMember } from '../client/errcodes.js';
import type { WecomClient } from '../client/wecom-client.js';
import { Pacing } from './pacing.js';
import { wireBody } from './wire-body.js';

export interface WecomSenderOptions {
  client: WecomClient;
  limiter: RateLimiter;
  clock: Clock;
  /** False for members on the WeChat side, who get plain text. */
  seesCards: (userid: string) => boolean;
  /** The webhook key an environment variable holds. */
  webhookKey: (keyEnv: string) => string | undefined;
}

/** WeCom as a way out, behind chat/sender.ts. */
export function createWecomSender(options: WecomSenderOptions): Sender {
  const { client, clock, seesCards } = options;
  const pacing = new Pacing(options.limiter, clock);
  const wire = { agentId: client.agentId, seesCards };

  return {
    build: (to, message, id) => wireBody(to, message, id, wire),

    async send(to, body) {
      const takeBack = await pacing.reserve(to, body);
      try {
        return await deliver(to, body, options);
      } catch (error) {
        if (!mayHaveArrived(error)) await takeBack();
        throw error;
      }
    },

    async updateCard({ userids, responseCode, card }) {
      if (userids.length === 0) return false;
      try {
        await client.updateTemplateCard({ userids, responseCode, card: cardToUpdate(card) });
        return true;
      } catch (error) {
        if (isDeadCard(errcodeOf(error) ?? 0)) return false;
        throw error;
      }
    },
  };
}

async function deliver(
  to: Recipient,
  body: string,
  { client, webhookKey }: WecomSenderOptions,
): Promise<Receipt> {
  switch (to.kind) {
    case 'person':
      return sendToPerson(client, to.userid, body);
    case 'appchat':
      await client.sendToAppchat(body);
      return delivered();
    case 'webhook':
      await client.sendToWebhook(keyOf(to.keyEnv, webhookKey), body);
      return delivered();
  }
}

async function sendToPerson(client: WecomClient, userid: string, body: string): Promise<Receipt> {
  try {
    return receiptOf(await client.sendMessage(body), userid);
  } catch (error) {
    const errcode = errcodeOf(error) ?? 0;
    if (isUnreachableMember(errcode))
      return delivered({ undeliverable: `out-of-range ${errcode}` });
    // Our task_ids are well-formed, so 42014 says that this one was used: by a first try whose answer got lost.
    if (errcode === 42014) return delivered();
    throw error;
  }
}

function receiptOf(answer: SentAnswer, userid: string): Receipt {
  const { messageId, responseCode } = answer;
  const isIn = (userids: string[]): boolean => userids.includes(userid.toLowerCase());
  if (isIn(answer.invalidUserids)) return delivered({ messageId, undeliverable: 'out-of-range' });
  if (isIn(answer.unlicensedUserids)) return delivered({ messageId, undeliverable: 'unlicensed' });
  return delivered({ messageId, responseCode });
}

function delivered(facts: Partial<Receipt> = {}): Receipt {
  return { messageId: null, responseCode: null, undeliverable: null, ...facts };
}

function keyOf(keyEnv: string, webhookKey: WecomSenderOptions['webhookKey']): string {
  const key = webhookKey(keyEnv);
  if (key) return key;
  throw new AppError(`there is no webhook key in ${keyEnv}`, {
    code: 'wecom.webhook-key-missing',
    hint: `Put the part after key= of the group's webhook URL into ${keyEnv} and restart.`,
    retryable: true,
    details: { keyEnv, alarm: true },
  });
}

function mayHaveArrived(error: unknown): boolean {
  return error instanceof AppError && error.details['mayHaveArrived'] === true;
}
