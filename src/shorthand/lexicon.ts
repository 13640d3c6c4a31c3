import { fold } from './lexer.js';
import { NameIndex } from './name-index.js';
import type { Alias, Candidate, Known, KnownOpportunity, Lexicon, NameChanges } from './reading.js';
import { titleForms, titleParts } from './title-forms.js';
import { peopleIndex } from './slots/person.js';
import type { PeopleIndex } from './slots/person.js';

/** Everything that has a name, indexed by what it may be called. */
export interface Names {
  readonly customers: NameIndex;
  readonly people: PeopleIndex;
  /** Opportunities by whole title. */
  readonly titles: NameIndex;
  /** Opportunities by the product words of their title. */
  readonly products: NameIndex;
  /** The customer of an opportunity, when known. */
  customerOf(opportunityId: string): Candidate | undefined;
}

export interface LiveNames extends Names {
  readonly changes: NameChanges;
}

/** Builds the indexes and the calls that keep them in step with the database. */
export function createNames(lexicon: Lexicon): LiveNames {
  const customers = new NameIndex();
  const titles = new NameIndex({ formsOf: titleForms, sounds: false });
  const partsOf = new Map<string, string>();
  const products = new NameIndex({
    formsOf: (title) => titleParts(title, partsOf.get(title) ?? ''),
    sounds: false,
  });
  const people = createPeople();
  const customerNames = new Map<string, string>();
  const opportunities = new Map<string, KnownOpportunity>();
  const changes: NameChanges = {
    putCustomer: ({ id, name, alsoSaid }) => {
      customerNames.set(id, name);
      customers.put(id, name, alsoSaid);
    },
    dropCustomer: (id) => {
      customerNames.delete(id);
      customers.drop(id);
    },
    putPerson: people.put,
    dropPerson: people.drop,
    putOpportunity: (opportunity) => {
      const { id, name, customerId, alsoSaid } = opportunity;
      opportunities.set(id, opportunity);
      titles.put(id, name, alsoSaid);
      partsOf.set(name, customerNames.get(customerId ?? '') ?? '');
      products.put(id, name);
      partsOf.delete(name);
    },
    dropOpportunity: (id) => {
      opportunities.delete(id);
      titles.drop(id);
      products.drop(id);
    },
    putAlias: (alias) => {
      const target = aliased(alias);
      if (target) target.index.putAlias(alias.words, alias.id, target.name);
    },
    dropAlias: (alias) => aliased(alias)?.index.dropAlias(alias.words, alias.id),
  };
  const aliased = ({ kind, id }: Alias): { index: NameIndex; name: string } | undefined => {
    const name =
      kind === 'customer'
        ? customerNames.get(id)
        : kind === 'person'
          ? people.nameOf(id)
          : opportunities.get(id)?.name;
    if (name === undefined) return undefined;
    return {
      name,
      index: kind === 'customer' ? customers : kind === 'person' ? people.index : titles,
    };
  };
  for (const customer of lexicon.customers) changes.putCustomer(customer);
  for (const person of lexicon.people) changes.putPerson(person);
  for (const opportunity of lexicon.opportunities ?? []) changes.putOpportunity(opportunity);
  for (const alias of lexicon.aliases ?? []) changes.putAlias(alias);
  return {
    customers,
    people: people.lookup,
    titles,
    products,
    changes,
    customerOf: (id) => {
      const customerId = opportunities.get(id)?.customerId;
      const name = customerId === undefined ? undefined : customerNames.get(customerId);
      return customerId !== undefined && name !== undefined ? { id: customerId, name } : undefined;
    },
  };
}

interface People {
  readonly lookup: PeopleIndex;
  readonly index: NameIndex;
  readonly put: (person: Known) => void;
  readonly drop: (id: string) => void;
  nameOf(id: string): string | undefined;
}

/** Colleagues by full name, given name, pinyin; and by surname for 小王 and 王哥. */
function createPeople(): People {
  const index = new NameIndex({
    formsOf: (name) => {
      const full = fold(name);
      const given = /^\p{Script=Han}{3}$/u.test(full)
        ? [{ form: full.slice(1), how: 'part' as const }]
        : [];
      return [{ form: full, how: 'exact' as const }, ...given];
    },
  });
  const bySurname = new Map<string, Map<string, string>>();
  const known = new Map<string, { surname: string; folded: string; name: string }>();
  const names = new Set<string>();
  const drop = (id: string): void => {
    index.drop(id);
    const person = known.get(id);
    if (!person) return;
    bySurname.get(person.surname)?.delete(id);
    known.delete(id);
    if (![...(bySurname.get(person.surname)?.values() ?? [])].includes(person.name))
      names.delete(person.folded);
  };
  return {
    index,
    lookup: peopleIndex(index, bySurname, names),
    nameOf: (id) => known.get(id)?.name,
    drop,
    put: ({ id, name, alsoSaid }) => {
      drop(id);
      index.put(id, name, alsoSaid);
      const folded = fold(name);
      const surname = folded.slice(0, 1);
      known.set(id, { surname, folded, name });
      names.add(folded);
      const namesakes = bySurname.get(surname) ?? new Map<string, string>();
      namesakes.set(id, name);
      bySurname.set(surname, namesakes);
    },
  };
}
