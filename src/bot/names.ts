import { customerKey } from '../domain/index.js';
import type { Member } from '../domain/index.js';
import type { Clock } from '../kernel/index.js';
import type { KnownOpportunity, Lexicon, Reader } from '../shorthand/index.js';
import type { Directory, OpportunityName, OpportunityStore, Policies } from '../usecases/index.js';

/** Builds a reader for the company's words. Called again when the configuration changes. */
export type MakeReader = (lexicon: Lexicon, policies: Policies) => Reader;

/** Two instances' clocks may differ by so much without a new name being missed. */
const OVERLAP_MS = 10_000;
const PEOPLE_EVERY_MS = 60_000;

interface Sources {
  opportunities: Pick<OpportunityStore, 'names' | 'namesSince'>;
  directory: Pick<Directory, 'everyone' | 'reportsOf'>;
  policies(): Policies;
  makeReader: MakeReader;
  clock: Clock;
}

/**
 * The names people may use, kept in step with the database: loaded once, then only what changed since.
 * The reader knows them all; which ones an asker may hear of is decided here (`visibleTo`).
 */
export class NameIndex {
  readonly #names = new Map<string, OpportunityName>();
  readonly #people = new Map<string, Member>();
  readonly #customers = new Set<string>();
  #reader: Reader | null = null;
  #readerVersion = '';
  #newest = new Date(0);
  #peopleAt = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> = Promise.resolve();

  constructor(private readonly sources: Sources) {}

  /** A reader that knows every name saved before this call. */
  async reader(): Promise<Reader> {
    // One refresh at a time; each call still sees what was saved before it.
    const mine = this.#refreshing.catch(() => undefined).then(() => this.refresh());
    this.#refreshing = mine;
    await mine;
    return this.#reader ?? this.build();
  }

  /** What this person may know of (decisions 17): their own, their reports', or everything for administrators. */
  async visibleTo(member: Member): Promise<OpportunityName[]> {
    const all = [...this.#names.values()];
    if (member.isAdmin) return all;
    const team = new Set([
      member.userid,
      ...(await this.sources.directory.reportsOf(member.userid)),
    ]);
    return all.filter(
      ({ ownerId, collaboratorIds }) =>
        team.has(ownerId) || collaboratorIds.some((userid) => team.has(userid)),
    );
  }

  /** Of several people of one name, with the department. */
  nameOf(userid: string): string {
    const member = this.#people.get(userid);
    if (!member) return userid;
    const isShared = this.peopleCalled(member.name).length > 1;
    return isShared && member.departmentName
      ? `${member.name}（${member.departmentName}）`
      : member.name;
  }

  person(userid: string): Member | undefined {
    return this.#people.get(userid);
  }

  /** Everybody of this name, or the one with this userid: names are not unique, userids are. */
  peopleCalled(words: string): Member[] {
    const one = this.#people.get(words);
    return one ? [one] : [...this.#people.values()].filter(({ name }) => name === words);
  }

  private async refresh(): Promise<void> {
    await this.refreshPeople();
    const changed =
      this.#newest.getTime() === 0
        ? await this.sources.opportunities.names()
        : await this.sources.opportunities.namesSince(
            new Date(this.#newest.getTime() - OVERLAP_MS),
          );
    for (const name of changed) this.take(name);
    if (this.#readerVersion !== this.sources.policies().version) this.#reader = null;
    this.#reader ??= this.build();
  }

  private async refreshPeople(): Promise<void> {
    const now = this.sources.clock.now().getTime();
    if (now - this.#peopleAt < PEOPLE_EVERY_MS) return;
    const everyone = await this.sources.directory.everyone();
    const known = new Set(everyone.map(({ userid }) => userid));
    for (const userid of [...this.#people.keys()].filter((one) => !known.has(one))) {
      this.#people.delete(userid);
      this.#reader?.names.dropPerson(userid);
    }
    for (const member of everyone) {
      if (this.#people.get(member.userid)?.name !== member.name)
        this.#reader?.names.putPerson({ id: member.userid, name: member.name });
      this.#people.set(member.userid, member);
    }
    this.#peopleAt = now;
  }

  private take(name: OpportunityName): void {
    if (name.updatedAt > this.#newest) this.#newest = name.updatedAt;
    if (name.archived) {
      this.#names.delete(name.id);
      this.#reader?.names.dropOpportunity(name.id);
      return;
    }
    const before = this.#names.get(name.id);
    this.#names.set(name.id, name);
    if (before?.title !== name.title || before.customerName !== name.customerName)
      this.#reader?.names.putOpportunity(knownAs(name));
    const customer = customerKey(name.customerName);
    if (this.#customers.has(customer)) return;
    this.#customers.add(customer);
    this.#reader?.names.putCustomer({ id: customer, name: name.customerName });
  }

  private build(): Reader {
    const policies = this.sources.policies();
    const names = [...this.#names.values()];
    const customers = new Map(
      names.map(({ customerName }) => [customerKey(customerName), customerName]),
    );
    const reader = this.sources.makeReader(
      {
        customers: [...customers].map(([id, name]) => ({ id, name })),
        people: [...this.#people.values()].map(({ userid, name }) => ({ id: userid, name })),
        opportunities: names.map(knownAs),
      },
      policies,
    );
    this.#readerVersion = policies.version;
    this.#reader = reader;
    return reader;
  }
}

const knownAs = ({ id, title, customerName }: OpportunityName): KnownOpportunity => ({
  id,
  name: title,
  customerId: customerKey(customerName),
});
