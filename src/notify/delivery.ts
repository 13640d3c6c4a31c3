import type { Message, Receipt, Recipient, Sender } from '../chat/index.js';
import type { Calendar, Notice } from '../domain/index.js';
import { AppError, messageOf } from '../kernel/index.js';
import type { Clock, Logger, RateLimiter } from '../kernel/index.js';
import type { Directory, OutboxRow, OutboxStore } from '../usecases/index.js';
import type { AlarmChannel } from './alarm-webhook.js';
import { PASSAGES, capWindows, quietUntil } from './policy.js';
import type { NotifyPolicy } from './policy.js';
import { verdictOn } from './retry.js';

/** A row that did not arrive, or may not have; for the administrators. */
export interface DeliveryFailure {
  row: OutboxRow;
  why: string;
  /** For the operator, where the error knew. */
  hint: string | undefined;
  at: Date;
}

export interface DeliveryOptions {
  outbox: OutboxStore;
  limiter: RateLimiter;
  sender: Sender;
  directory: Pick<Directory, 'member'>;
  clock: Clock;
  log: Logger;
  /** Finds the words. */
  word: (notice: Notice, row: OutboxRow) => Message;
  /** The way for alarms that is not WeCom; null without one. */
  alarms: AlarmChannel | null;
  /** How a sales group is reached; null when nobody knows it any more. */
  groupChannel: (groupId: string) => Recipient | null | Promise<Recipient | null>;
  /** The settings of this moment. */
  policy: () => NotifyPolicy;
  calendar: () => Calendar;
  /** Both tell the administrators, idempotently by the row's id; rows to administrators are not told of. */
  onDead: (failure: DeliveryFailure) => Promise<void>;
  onUnknown: (failure: DeliveryFailure) => Promise<void>;
  /** The same, for one that is still being tried, but will not go through until somebody acts or WeCom recovers. */
  onStuck: (failure: DeliveryFailure & { code: string }) => Promise<void>;
}

/** So many tries, some minutes, are no passing trouble any more. */
const STUCK_ATTEMPTS = 10;

/** How soon to look again for a card that is still on its way. */
const CARD_WAIT_MS = 2_000;

/**
 * One row through the gate, in this order: duplicate → quiet hours → build once → reserve the cap →
 * send → record; the reservation is given back when sending fails.
 *
 * May be stopped anywhere and begun again. To a person the stored body is sent again, byte for byte,
 * and WeCom shows it once. A group has no such check: a row found `sending` is `unknown`.
 */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** Null when the row has left its lane; else when to come back to it. */
  async deliver(row: OutboxRow): Promise<Date | null> {
    if (row.state === 'sending' && row.to.kind === 'group') {
      return this.#unknown(row, 'stopped while sending', undefined);
    }
    const held = await this.#held(row);
    if (held) return held.until;
    if (row.to.kind === 'alarm') return this.#raise(row);
    if (row.updatesCardId !== null) return this.#updateCard(row, row.updatesCardId);
    return this.#send(row);
  }

  /** Whether the gate keeps it, and until when; `until` null: it left the lane by a named rule. */
  async #held(row: OutboxRow): Promise<{ until: Date | null } | null> {
    const { outbox, clock, policy, calendar } = this.#options;
    const passage = PASSAGES[row.class];
    const now = clock.now();
    if (passage.isPush) {
      const rule = await this.#keptBy(row);
      if (rule) {
        // An alert is told of in the next digest; a digest has no next place to go to.
        await outbox.mark(row.id, {
          state: row.class === 'alert' ? 'folded' : 'dropped',
          why: rule,
        });
        return { until: null };
      }
    }
    if (!passage.keepsQuiet) return null;
    const until = quietUntil(now, policy().quiet, calendar(), row.lane);
    if (!until) return null;
    await outbox.mark(row.id, { notBefore: until });
    return { until };
  }

  /** The rule that keeps a push from its reader: paused, left, or not in the pilot. */
  async #keptBy({ to }: OutboxRow): Promise<string | null> {
    const { paused, pilotDepartments } = this.#options.policy();
    if (paused.all) return 'paused:all';
    if (to.kind !== 'person') return null;
    if (paused.people.includes(to.userid)) return 'paused:person';
    const member = await this.#options.directory.member(to.userid);
    if (!member?.isActive) return 'left';
    const isPilot =
      pilotDepartments.length === 0 ||
      member.departmentIds.some((department) => pilotDepartments.includes(department));
    return isPilot ? null : 'not-in-pilot';
  }

  async #send(row: OutboxRow): Promise<Date | null> {
    const { outbox, clock, limiter, policy } = this.#options;
    const { to } = row;
    const prepared = await this.#prepare(row);
    if ('failure' in prepared) return this.#failed(row, prepared.failure, true);
    const body = row.body ?? (await outbox.keepBody(row.id, prepared.body));

    const now = clock.now();
    const windows =
      PASSAGES[row.class].isCapped && to.kind === 'person'
        ? capWindows(to.userid, policy().caps, now)
        : [];
    if (windows.length > 0) {
      const reserved = await limiter.reserve(row.id, windows, now);
      if (!reserved.ok) {
        await outbox.mark(row.id, { state: 'folded', why: `cap:${reserved.full}` });
        return null;
      }
    }
    // Between here and the answer a group row is in nobody's hands: whoever finds it, does not send.
    if (to.kind === 'group' && !(await outbox.startSending(row.id))) return null;
    const sent = await this.#sendBody(prepared.recipient, body);
    if ('receipt' in sent && !sent.receipt.undeliverable) {
      await outbox.mark(row.id, { state: 'sent', sentAt: clock.now(), receipt: sent.receipt });
      return null;
    }
    if (windows.length > 0) await limiter.release(row.id, windows, now);
    return 'receipt' in sent
      ? this.#dead(row, `undeliverable: ${sent.receipt.undeliverable}`, undefined)
      : this.#failed(row, sent.failure, to.kind === 'person');
  }

  /** Whom it goes to and in which words. Nothing has been sent when this fails. */
  async #prepare(
    row: OutboxRow,
  ): Promise<{ recipient: Recipient; body: string } | { failure: unknown }> {
    try {
      const recipient = await this.#recipientOf(row);
      const body = row.body ?? this.#options.sender.build(recipient, this.#messageOf(row), row.id);
      return { recipient, body };
    } catch (failure) {
      return { failure };
    }
  }

  async #sendBody(
    to: Recipient,
    body: string,
  ): Promise<{ receipt: Receipt } | { failure: unknown }> {
    try {
      return { receipt: await this.#options.sender.send(to, body) };
    } catch (failure) {
      return { failure };
    }
  }

  /** Rewrites a card sent earlier. Repeating it is harmless: the second time its code is used. */
  async #updateCard(row: OutboxRow, cardId: string): Promise<Date | null> {
    const { outbox, clock } = this.#options;
    const card = await outbox.find(cardId);
    if (card?.state === 'waiting' || card?.state === 'sending') {
      const notBefore = new Date(clock.now().getTime() + CARD_WAIT_MS);
      await outbox.mark(row.id, { notBefore });
      return notBefore;
    }
    const responseCode = card?.receipt?.responseCode;
    if (!responseCode) {
      await outbox.mark(row.id, {
        state: 'dropped',
        why: card ? `card:${card.state}` : 'card:gone',
      });
      return null;
    }
    const updated = await this.#rewrite(row, responseCode);
    if ('failure' in updated) return this.#failed(row, updated.failure, true);
    await outbox.spendResponseCode(cardId);
    await outbox.mark(
      row.id,
      updated.isAlive
        ? { state: 'sent', sentAt: clock.now() }
        : { state: 'dropped', why: 'card:code-used-or-expired' },
    );
    return null;
  }

  async #rewrite(
    row: OutboxRow,
    responseCode: string,
  ): Promise<{ isAlive: boolean } | { failure: unknown }> {
    try {
      const message = this.#messageOf(row);
      if (message.kind !== 'card' || row.to.kind !== 'person') {
        throw new AppError("only a person's card can be rewritten, and only as a card", {
          code: 'notify.not-a-card',
          details: { id: row.id },
        });
      }
      const { sender } = this.#options;
      const userids = [row.to.userid];
      return { isAlive: await sender.updateCard({ userids, responseCode, card: message.card }) };
    } catch (failure) {
      return { failure };
    }
  }

  /** An alarm, by the channel that is not WeCom. Known by its id, so that a repeat is harmless. */
  async #raise(row: OutboxRow): Promise<Date | null> {
    const { outbox, clock, alarms } = this.#options;
    const { content } = row;
    if (!alarms || content.kind !== 'notice' || content.notice.code !== 'admin-alert') {
      await outbox.mark(row.id, { state: 'dropped', why: 'no-alarm-channel' });
      return null;
    }
    const { title, detail, action } = content.notice;
    try {
      await alarms.raise({ id: row.id, title, detail, action, at: row.causeAt });
    } catch (failure) {
      return this.#failed(row, failure, true);
    }
    await outbox.mark(row.id, { state: 'sent', sentAt: clock.now() });
    return null;
  }

  async #recipientOf({ to }: OutboxRow): Promise<Recipient> {
    if (to.kind === 'person') return { kind: 'person', userid: to.userid };
    if (to.kind === 'alarm')
      throw new AppError('alarms do not go by WeCom', { code: 'notify.not-a-recipient' });
    const channel = await this.#options.groupChannel(to.groupId);
    if (channel) return channel;
    throw new AppError(`nobody knows how to reach the group ${to.groupId}`, {
      code: 'notify.no-channel',
      hint: 'it was taken out of digest.yaml while a message to it was waiting',
      details: { groupId: to.groupId },
    });
  }

  #messageOf(row: OutboxRow): Message {
    const { content } = row;
    return content.kind === 'message' ? content.message : this.#options.word(content.notice, row);
  }

  async #failed(row: OutboxRow, error: unknown, isRepeatable: boolean): Promise<Date | null> {
    const { outbox, clock, log } = this.#options;
    const attempts = row.attempts + 1;
    const verdict = verdictOn(error, { id: row.id, attempts, isRepeatable, now: clock.now() });
    const hint = error instanceof AppError ? error.hint : undefined;
    switch (verdict.kind) {
      case 'wait':
        await outbox.mark(row.id, { state: 'waiting', notBefore: verdict.until });
        return verdict.until;
      case 'retry':
        log.warn(
          { id: row.id, lane: row.lane, attempts, retryAt: verdict.at, err: error },
          `sending failed, will retry: ${messageOf(error)}`,
        );
        await this.#tellOfStuck({ ...row, attempts }, error);
        await outbox.mark(row.id, { state: 'waiting', attempts, notBefore: verdict.at });
        return verdict.at;
      case 'unknown':
        return this.#unknown(row, verdict.why, hint);
      case 'dead':
        return this.#dead({ ...row, attempts }, verdict.why, hint);
    }
  }

  /** A refusal that only an administrator can lift is told of at once, other trouble when it does not pass. */
  async #tellOfStuck(row: OutboxRow, error: unknown): Promise<void> {
    if (row.class === 'admin') return;
    const needsSomebody = error instanceof AppError && error.details['alarm'] === true;
    if (row.attempts !== (needsSomebody ? 1 : STUCK_ATTEMPTS)) return;
    await this.#options.onStuck({
      row,
      why: messageOf(error),
      hint: error instanceof AppError ? error.hint : undefined,
      code: error instanceof AppError ? error.code : 'unexpected',
      at: this.#options.clock.now(),
    });
  }

  /** Told first, marked after: stopped in between it is told twice under one key, never not at all. */
  async #dead(row: OutboxRow, why: string, hint: string | undefined): Promise<null> {
    const { outbox, clock, log, onDead } = this.#options;
    log.error({ id: row.id, lane: row.lane, attempts: row.attempts, why, hint }, 'dead letter');
    if (row.class !== 'admin') await onDead({ row, why, hint, at: clock.now() });
    await outbox.mark(row.id, { state: 'dead', attempts: row.attempts, why });
    return null;
  }

  async #unknown(row: OutboxRow, why: string, hint: string | undefined): Promise<null> {
    const { outbox, clock, log, onUnknown } = this.#options;
    log.error({ id: row.id, lane: row.lane, why, hint }, 'a group message may or may not be there');
    await onUnknown({ row, why, hint, at: clock.now() });
    await outbox.mark(row.id, { state: 'unknown', why });
    return null;
  }
}
