import { isDoc, ObjectId, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { isRegExp } from '../query/match-evaluation.js';
import { isOperatorDoc } from '../query/operator-doc.js';
import { Draft } from '../update/draft.js';
import { replaced, type Update } from '../update/update.js';
import { checkStorable } from './write.js';

/** The document an upsert inserts: the equalities of its filter, then the update, `_id` first. */
export function upsertedDoc(filter: Doc, update: Update): Doc {
  const base = equalitiesOf(filter);
  const seed = update.isReplacement ? idOnly(base) : base;
  const doc = update.apply(seed, undefined, true);
  if (seed['_id'] !== undefined && !sameId(seed['_id'], doc['_id'])) {
    throw new DbError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  const id = doc['_id'] ?? new ObjectId();
  const complete = replaced({ _id: id }, doc);
  checkStorable(complete);
  return complete;
}

function sameId(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function idOnly(doc: Doc): Doc {
  return doc['_id'] === undefined ? {} : { _id: doc['_id'] };
}

function equalitiesOf(filter: Doc): Doc {
  const draft = new Draft({});
  const seen = new Set<string>();
  collect(filter, (path, value) => {
    if (seen.has(path))
      throw new DbError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    seen.add(path);
    draft.set(path.split('.'), value);
  });
  return draft.root;
}

function collect(filter: Doc, take: (path: string, value: unknown) => void): void {
  for (const [name, operand] of Object.entries(filter)) {
    if (name === '$and' || (name === '$or' && Array.isArray(operand) && operand.length === 1)) {
      for (const branch of operand as unknown[]) if (isDoc(branch)) collect(branch, take);
    } else if (!name.startsWith('$')) {
      const equality = equalityOf(operand);
      if (equality) take(name, equality.value);
    }
  }
}

function equalityOf(operand: unknown): { value: unknown } | undefined {
  if (isRegExp(operand)) return undefined;
  if (!isDoc(operand) || !isOperatorDoc(operand)) return { value: operand };
  if (Object.hasOwn(operand, '$eq')) return { value: operand['$eq'] };
  const all = operand['$all'] ?? operand['$in'];
  if (
    Array.isArray(all) &&
    all.length === 1 &&
    !isRegExp(all[0]) &&
    !(isDoc(all[0]) && isOperatorDoc(all[0]))
  ) {
    return { value: all[0] };
  }
  return undefined;
}
