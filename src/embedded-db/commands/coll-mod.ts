import { show } from '../bson/show.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { requireCollection, type Collection } from '../storage/collection.js';
import type { Index, IndexSpec } from '../storage/index.js';
import { docArgument, namespaceOf, ok, type Command } from './command.js';
import { refuseOptions } from './find.js';
import { sameKey } from './indexes.js';

type SpecDraft = { -readonly [Option in keyof IndexSpec]: IndexSpec[Option] };

/** Changes one option of an index; answers the part of the reply that tells of it. */
type OptionChange = (draft: SpecDraft, value: unknown, index: Index, collection: Collection) => Doc;

/** `collMod`: what an index can change without being rebuilt. */
export const collMod: Command = async (call) => {
  const namespace = namespaceOf(call);
  const { store } = call.context;
  const collection = requireCollection(await store.find(namespace), namespace);
  refuseOptions(call, [
    'validator',
    'validationLevel',
    'validationAction',
    'viewOn',
    'pipeline',
    'capped',
    'cappedSize',
    'cappedMax',
    'expireAfterSeconds',
    'changeStreamPreAndPostImages',
    'timeseries',
  ]);
  const change = docArgument(call, 'index');
  if (!change) return ok();
  const { name, keyPattern, ...options } = change;
  const index = indexFor(collection, name, keyPattern);
  const draft: SpecDraft = { ...index.spec };
  const reply: Doc = {};
  for (const [option, value] of Object.entries(options)) {
    const apply = Object.hasOwn(CHANGES, option) ? CHANGES[option] : undefined;
    if (!apply) {
      throw new DbError(40415, `BSON field 'collMod.index.${option}' is an unknown field.`);
    }
    Object.assign(reply, apply(draft, value, index, collection));
  }
  collection.changeIndex(index, draft);
  await store.committer.durable();
  return ok(reply);
};

function indexFor(collection: Collection, name: unknown, keyPattern: unknown): Index {
  if ((name === undefined) === (keyPattern === undefined)) {
    throw new DbError(72, 'Must specify either index name or key pattern.');
  }
  const index =
    typeof name === 'string'
      ? collection.findIndex(name)
      : collection.indexes.find(({ spec }) => isDoc(keyPattern) && sameKey(spec.key, keyPattern));
  if (index) return index;
  throw new DbError(
    27,
    `cannot find index ${show(name ?? keyPattern)} for ns ${collection.namespace}`,
  );
}

const CHANGES: Readonly<Record<string, OptionChange>> = {
  expireAfterSeconds(draft, value) {
    if (!isNumeric(value)) throw new DbError(14, 'expireAfterSeconds field must be a number');
    const before = draft.expireAfterSeconds;
    draft.expireAfterSeconds = toDouble(value);
    return {
      ...(before === undefined ? {} : { expireAfterSeconds_old: before }),
      expireAfterSeconds_new: value,
    };
  },

  hidden(draft, value, index) {
    if (index.isId) throw new DbError(2, "can't hide _id index");
    return turn(draft, 'hidden', value);
  },

  /** From now on nothing new may violate the uniqueness the index is to be given. */
  prepareUnique(draft, value, index) {
    if (index.isId) throw new DbError(72, "collMod does not support 'prepareUnique' for _id");
    return turn(draft, 'prepareUnique', value);
  },

  unique(draft, value, index, collection) {
    if (value !== true) throw new DbError(2, "collMod does not support 'unique: false'");
    if (index.spec.unique) return {};
    if (!index.spec.prepareUnique) {
      throw new DbError(
        72,
        "Cannot make index unique with 'prepareUnique' = false. Run collMod with 'prepareUnique' = true before converting index to unique.",
      );
    }
    const violations = violationsOf(index, collection);
    if (violations.length > 0) {
      throw new DbError(
        359,
        'Cannot convert the index to unique. Please resolve conflicting documents before running collMod again.',
        { violations },
      );
    }
    delete draft.prepareUnique;
    draft.unique = true;
    return { unique_new: true };
  },
};

function turn(draft: SpecDraft, option: 'hidden' | 'prepareUnique', value: unknown): Doc {
  if (typeof value !== 'boolean') throw new DbError(14, `${option} must be a boolean`);
  const before = Boolean(draft[option]);
  if (value) draft[option] = true;
  else delete draft[option];
  return { [`${option}_old`]: before, [`${option}_new`]: value };
}

/** The `_id`s of documents that share a key, one list for every key. */
function violationsOf(index: Index, collection: Collection): Doc[] {
  const idsByKey = new Map<string, unknown[]>();
  for (const { doc } of collection.entries.values()) {
    for (const key of index.keysOf(doc)) {
      const ids = idsByKey.get(key);
      if (ids) ids.push(doc['_id']);
      else idsByKey.set(key, [doc['_id']]);
    }
  }
  return [...idsByKey.values()].filter((ids) => ids.length > 1).map((ids) => ({ ids }));
}
