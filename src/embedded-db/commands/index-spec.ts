import { show } from '../bson/show.js';
import { isDoc, isNumeric, toDouble, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import { parseCollation } from '../query/collation.js';
import { compileMatch } from '../query/match.js';
import type { Collection } from '../storage/collection.js';
import type { IndexSpec } from '../storage/index.js';

const OPTIONS = new Set([
  'v',
  'key',
  'name',
  'ns',
  'unique',
  'sparse',
  'hidden',
  'prepareUnique',
  'expireAfterSeconds',
  'partialFilterExpression',
  'collation',
  'background',
  'dropDups',
]);
const REFUSED = new Set([
  'weights',
  'default_language',
  'language_override',
  'textIndexVersion',
  '2dsphereIndexVersion',
  'bits',
  'min',
  'max',
  'bucketSize',
  'wildcardProjection',
  'storageEngine',
  'clustered',
]);

/** Checks an index definition. @throws DbError 67, 197 and others as MongoDB does */
export function parseIndexSpec(input: Doc, collection: Collection | undefined): IndexSpec {
  const { key, name } = input;
  if (!isDoc(key))
    throw new DbError(9, "The 'key' field is a required property of an index specification");
  if (typeof name !== 'string') {
    throw new DbError(9, "The 'name' field is a required property of an index specification");
  }
  if (name === '') throw new DbError(67, 'index name cannot be empty');
  for (const option of Object.keys(input)) {
    if (REFUSED.has(option)) throw notSupported(`index option '${option}' is`, 67);
    if (!OPTIONS.has(option)) {
      throw new DbError(
        197,
        `The field '${option}' is not valid for an index specification. Specification: ${show(input)}`,
      );
    }
  }
  checkKey(key, Boolean(input['unique']));
  const collation = input['collation'] ?? collection?.options['collation'];
  return {
    v: 2,
    key,
    name,
    ...flags(input),
    ...expiry(input, key),
    ...partial(input),
    ...(collation === undefined ? {} : collationSpec(collation)),
  };
}

function checkKey(key: Doc, unique: boolean): void {
  const entries = Object.entries(key);
  if (entries.length === 0) throw new DbError(67, 'Index keys cannot be empty.');
  for (const [path, direction] of entries) {
    if (direction === 'hashed') {
      if (unique)
        throw new DbError(
          16764,
          'Currently hashed indexes cannot guarantee uniqueness. Use a regular index.',
        );
      continue;
    }
    if (typeof direction === 'string') throw notSupported(`'${direction}' indexes are`, 67);
    if (path.includes('$**')) throw notSupported('wildcard indexes are', 67);
    if (path === '' || path.split('.').includes(''))
      throw new DbError(67, 'Index keys cannot contain an empty field.');
    if (
      path.split('.').some((part) => part.startsWith('$') && !['$id', '$ref', '$db'].includes(part))
    ) {
      throw new DbError(
        67,
        "Index key contains an illegal field name: field name starts with '$'.",
      );
    }
    const value = isNumeric(direction) ? toDouble(direction) : Number.NaN;
    if (Number.isNaN(value)) {
      throw new DbError(
        67,
        `Values in v:2 index key pattern cannot be of type ${typeof direction}. Only numbers > 0, numbers < 0, and strings are allowed.`,
      );
    }
    if (value === 0) throw new DbError(67, 'Values in the v:2 index key pattern cannot be 0.');
  }
}

function flags(input: Doc): Partial<IndexSpec> {
  return {
    ...(input['unique'] ? { unique: true } : {}),
    ...(input['sparse'] ? { sparse: true } : {}),
    ...(input['hidden'] ? { hidden: true } : {}),
    ...(input['prepareUnique'] ? { prepareUnique: true } : {}),
  };
}

function expiry(input: Doc, key: Doc): Partial<IndexSpec> {
  const seconds = input['expireAfterSeconds'];
  if (seconds === undefined) return {};
  if (!isNumeric(seconds)) throw new DbError(14, 'expireAfterSeconds must be numeric');
  const value = toDouble(seconds);
  if (value < 0 || value > 2_147_483_647) {
    throw new DbError(
      67,
      `TTL index 'expireAfterSeconds' option must be within an acceptable range, try a different number than ${value}.`,
    );
  }
  if (Object.keys(key).length > 1) {
    throw new DbError(
      67,
      'TTL indexes are single-field indexes, compound indexes do not support TTL.',
    );
  }
  if (Object.keys(key)[0] === '_id')
    throw new DbError(
      67,
      "The field 'expireAfterSeconds' is not valid for an _id index specification.",
    );
  return { expireAfterSeconds: value };
}

function partial(input: Doc): Partial<IndexSpec> {
  const filter = input['partialFilterExpression'];
  if (filter === undefined) return {};
  if (!isDoc(filter)) throw new DbError(67, 'partialFilterExpression must be an object');
  if (input['sparse'])
    throw new DbError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
  checkPartialFilter(filter);
  try {
    compileMatch(filter);
  } catch (error) {
    throw error instanceof DbError ? new DbError(67, error.message) : error;
  }
  return { partialFilterExpression: filter };
}

const PARTIAL_OPERATORS = new Set([
  '$eq',
  '$exists',
  '$gt',
  '$gte',
  '$lt',
  '$lte',
  '$type',
  '$in',
  '$and',
  '$or',
]);

/** @throws DbError 67 for conditions MongoDB does not allow in a partial index */
function checkPartialFilter(value: unknown): void {
  if (Array.isArray(value)) value.forEach(checkPartialFilter);
  if (!isDoc(value)) return;
  for (const [name, inner] of Object.entries(value)) {
    if (name.startsWith('$') && (!PARTIAL_OPERATORS.has(name) || (name === '$exists' && !inner))) {
      throw new DbError(67, `Expression not supported in partial index: ${name}`);
    }
    checkPartialFilter(inner);
  }
}

function collationSpec(spec: unknown): Partial<IndexSpec> {
  const collation = parseCollation(spec);
  return collation ? { collation: collation.spec } : {};
}
