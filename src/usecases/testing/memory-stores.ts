import type { DomainEvent, Happening, Member } from '../../domain/index.js';
import type {
  AliasStore,
  NameAlias,
  Counters,
  DigestLedger,
  Directory,
  EventStore,
  GroupChats,
  GroupStore,
  NewOutboxRow,
  OutboxRow,
  OutboxStore,
  Prompt,
  PromptStore,
  SalesGroup,
} from '../ports.js';
import type { Day } from '../../kernel/index.js';

export class MemoryEvents implements EventStore {
  readonly #byId = new Map<string, DomainEvent>();

  all(): DomainEvent[] {
    return [...this.#byId.values()]
      .map((event) => structuredClone(event))
      .sort((a, b) => a.at.getTime() - b.at.getTime());
  }

  async append(events: readonly DomainEvent[]): Promise<void> {
    for (const event of events) {
      if (!this.#byId.has(event.id)) this.#byId.set(event.id, structuredClone(event));
    }
  }

  async ofOpportunity(
    opportunityId: string,
    options: { types?: Happening['type'][]; limit: number },
  ): Promise<DomainEvent[]> {
    return this.all()
      .filter(
        (event) =>
          event.opportunityId === opportunityId &&
          (options.types === undefined || options.types.includes(event.type)),
      )
      .reverse()
      .slice(0, options.limit);
  }

  async between(
    from: Date,
    to: Date,
    ownerIds: string[] | 'all',
    limit: number,
  ): Promise<DomainEvent[]> {
    return this.all()
      .filter(
        ({ at, ownerId }) =>
          at > from && at <= to && (ownerIds === 'all' || ownerIds.includes(ownerId)),
      )
      .slice(0, limit);
  }

  async settledApproval(approvalId: string): Promise<DomainEvent | null> {
    return (
      this.all().findLast(
        (event) => event.type === 'approval-settled' && event.approvalId === approvalId,
      ) ?? null
    );
  }
}

export class MemoryDirectory implements Directory {
  readonly #members = new Map<string, Member>();

  constructor(members: readonly Member[]) {
    for (const member of members) this.#members.set(member.userid, member);
  }

  /** The member, who must be there: for tests. */
  who(userid: string): Member {
    const member = this.#members.get(userid);
    if (!member) throw new Error(`no such member: ${userid}`);
    return member;
  }

  async member(userid: string): Promise<Member | null> {
    return this.#members.get(userid) ?? null;
  }

  async members(userids: readonly string[]): Promise<Member[]> {
    return [...this.#members.values()].filter(({ userid }) => userids.includes(userid));
  }

  async everyone(): Promise<Member[]> {
    return [...this.#members.values()].filter(({ isActive }) => isActive);
  }

  async reportsOf(userid: string): Promise<string[]> {
    const below = [...this.#members.values()].filter(({ managerIds }) =>
      managerIds.includes(userid),
    );
    return [userid, ...below.map((member) => member.userid)];
  }

  async admins(): Promise<Member[]> {
    return [...this.#members.values()].filter(({ isAdmin, isActive }) => isAdmin && isActive);
  }

  async replaceAll(members: readonly Member[]): Promise<void> {
    for (const known of this.#members.values()) {
      this.#members.set(known.userid, { ...known, isActive: false });
    }
    for (const member of members) this.#members.set(member.userid, member);
  }
}

export class MemoryOutbox implements OutboxStore {
  readonly #rows = new Map<string, OutboxRow>();

  /** In the order they were put. */
  all(): OutboxRow[] {
    return [...this.#rows.values()].map((row) => structuredClone(row));
  }

  async put(rows: readonly NewOutboxRow[], _now: Date): Promise<void> {
    for (const row of rows) {
      if (this.#rows.has(row.id)) continue;
      this.#rows.set(row.id, {
        ...structuredClone(row),
        state: 'waiting',
        attempts: 0,
        body: null,
        sentAt: null,
        receipt: null,
        why: null,
      });
    }
  }

  async find(id: string): Promise<OutboxRow | null> {
    const row = this.#rows.get(id);
    return row ? structuredClone(row) : null;
  }

  async lanesWaiting(now: Date, limit: number): Promise<string[]> {
    const lanes = new Set(this.#open().map(({ lane }) => lane));
    const heads = await Promise.all([...lanes].map((lane) => this.dueOf(lane, now, 1)));
    return heads.flatMap(([head]) => (head ? [head.lane] : [])).slice(0, limit);
  }

  async dueOf(lane: string, now: Date, limit: number): Promise<OutboxRow[]> {
    const queue = this.#open()
      .filter((row) => row.lane === lane)
      .sort(
        (a, b) =>
          a.causeAt.getTime() - b.causeAt.getTime() ||
          (a.causeId < b.causeId ? -1 : a.causeId > b.causeId ? 1 : a.n - b.n),
      );
    const blocked = queue.findIndex(({ notBefore }) => notBefore > now);
    const due = blocked < 0 ? queue : queue.slice(0, blocked);
    return due.slice(0, limit).map((row) => structuredClone(row));
  }

  async keepBody(id: string, body: string): Promise<string> {
    const row = this.#row(id);
    row.body ??= body;
    return row.body;
  }

  async startSending(id: string): Promise<boolean> {
    const row = this.#row(id);
    if (row.state !== 'waiting') return false;
    row.state = 'sending';
    return true;
  }

  async mark(
    id: string,
    change: Partial<
      Pick<OutboxRow, 'state' | 'attempts' | 'notBefore' | 'sentAt' | 'receipt' | 'why'>
    >,
  ): Promise<void> {
    Object.assign(this.#row(id), change);
  }

  async spendResponseCode(id: string): Promise<string | null> {
    const { receipt } = this.#row(id);
    const code = receipt?.responseCode ?? null;
    if (receipt) this.#row(id).receipt = { ...receipt, responseCode: null };
    return code;
  }

  async heldBackFor(userid: string, since: Date): Promise<number> {
    return [...this.#rows.values()].filter(
      ({ to, state, causeAt }) =>
        to.kind === 'person' && to.userid === userid && state === 'folded' && causeAt > since,
    ).length;
  }

  async nextDueAt(now: Date): Promise<Date | null> {
    const due = this.#open().map(({ notBefore }) => Math.max(notBefore.getTime(), now.getTime()));
    return due.length > 0 ? new Date(Math.min(...due)) : null;
  }

  async dead(limit: number): Promise<OutboxRow[]> {
    return this.all()
      .filter(({ state }) => state === 'dead')
      .slice(0, limit);
  }

  async replay(id: string, now: Date): Promise<boolean> {
    const row = this.#rows.get(id);
    if (row?.state !== 'dead') return false;
    Object.assign(row, { state: 'waiting', attempts: 0, notBefore: now, why: null });
    return true;
  }

  #open(): OutboxRow[] {
    return [...this.#rows.values()].filter(
      ({ state }) => state === 'waiting' || state === 'sending',
    );
  }

  #row(id: string): OutboxRow {
    const row = this.#rows.get(id);
    if (!row) throw new Error(`no such outbox row: ${id}`);
    return row;
  }
}

export class MemoryPrompts implements PromptStore {
  readonly #byId = new Map<string, Prompt>();

  all(): Prompt[] {
    return [...this.#byId.values()];
  }

  /** Idempotent by id: the relay may repeat itself after an answer was noted. */
  async put(prompt: Prompt): Promise<void> {
    if (!this.#byId.has(prompt.id)) this.#byId.set(prompt.id, structuredClone(prompt));
  }

  async find(id: string): Promise<Prompt | null> {
    return structuredClone(this.#byId.get(id)) ?? null;
  }

  async openFor(userid: string, since: Date): Promise<Prompt[]> {
    return this.all()
      .filter((prompt) => prompt.userid === userid && !prompt.answeredAt && prompt.at >= since)
      .sort((a, b) => b.at.getTime() - a.at.getTime());
  }

  async answered(id: string, at: Date): Promise<void> {
    const prompt = this.#byId.get(id);
    if (prompt) prompt.answeredAt ??= at;
  }
}

export class MemoryAliases implements AliasStore {
  readonly #byId = new Map<string, NameAlias>();

  async put(alias: NameAlias): Promise<void> {
    this.#byId.set(alias.id, structuredClone(alias));
  }

  async named(userid: string, key: string): Promise<NameAlias[]> {
    const known = await this.of(userid);
    return known
      .filter((alias) => alias.key === key)
      .sort((a, b) => Number(a.userid === null) - Number(b.userid === null));
  }

  async of(userid: string): Promise<NameAlias[]> {
    return [...this.#byId.values()]
      .filter((alias) => alias.userid === userid || alias.userid === null)
      .sort((a, b) => b.at.getTime() - a.at.getTime())
      .map((alias) => structuredClone(alias));
  }

  async drop(id: string): Promise<void> {
    this.#byId.delete(id);
  }
}

export class MemoryGroups implements GroupStore {
  readonly #byId = new Map<string, SalesGroup>();

  async all(): Promise<SalesGroup[]> {
    return [...this.#byId.values()];
  }

  async put(group: SalesGroup): Promise<void> {
    this.#byId.set(group.id, group);
  }
}

export class MemoryDigests implements DigestLedger {
  readonly entries: { reader: string; on: Day; until: Date }[] = [];

  async last(reader: string): Promise<{ on: Day; until: Date } | null> {
    const own = this.entries.filter((entry) => entry.reader === reader);
    return own.sort((a, b) => (a.on < b.on ? 1 : -1))[0] ?? null;
  }

  async record(entry: { reader: string; on: Day; until: Date }): Promise<boolean> {
    if (this.entries.some(({ reader, on }) => reader === entry.reader && on === entry.on)) {
      return false;
    }
    this.entries.push(entry);
    return true;
  }
}

export class MemoryCounters implements Counters {
  readonly #counts = new Map<string, number>();

  async next(name: string): Promise<number> {
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count;
  }
}

export class MemoryGroupChats implements GroupChats {
  readonly chats = new Map<string, { name: string; ownerId: string; memberIds: string[] }>();

  async create(chat: {
    chatId: string;
    name: string;
    ownerId: string;
    memberIds: string[];
  }): Promise<void> {
    const { chatId, ...rest } = chat;
    if (!this.chats.has(chatId)) this.chats.set(chatId, rest);
  }

  async setMembers(chatId: string, memberIds: string[]): Promise<void> {
    const chat = this.chats.get(chatId);
    if (!chat) throw new Error(`no such chat: ${chatId}`);
    chat.memberIds = memberIds;
  }
}
