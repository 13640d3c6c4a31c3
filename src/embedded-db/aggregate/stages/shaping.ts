import {
  field,
  isDoc,
  isNumeric,
  setField,
  toDouble,
  typeAlias,
  type Doc,
} from '../../bson/value.js';
import { DbError } from '../../errors.js';
import { compileMatch } from '../../query/match.js';
import { compileProjection } from '../../query/projection.js';
import {
  compilerFor,
  outerVariables,
  type Evaluate,
  type ExpressionOptions,
} from '../expression.js';
import { BREATH, collect, filtered, flowOf, mapped } from '../../work.js';
import type { Stage, StageOperator } from '../pipeline.js';

/** A stage that makes each document into one other. */
function mapping(map: (doc: Doc) => Doc): Stage {
  return (docs) => mapped(docs, map);
}

const match: StageOperator = (operand, { options }) => {
  if (!isDoc(operand))
    throw new DbError(15959, 'the match filter must be an expression in an object');
  const accepts = compileMatch(operand, options);
  return (docs) => filtered(docs, accepts);
};

const project: StageOperator = (operand, { options }) => {
  if (!isDoc(operand)) throw new DbError(15969, '$project specification must be an object');
  if (Object.keys(operand).length === 0) {
    throw new DbError(
      51272,
      'Invalid $project :: caused by :: projection specification must have at least one field',
    );
  }
  return mapping(compileProjection(operand, { ...options, aggregation: true }).apply);
};

const addFields: StageOperator = (operand, { options }) => {
  if (!isDoc(operand)) throw new DbError(40272, '$addFields specification stage must be an object');
  return mapping(compileAddFields(operand, options));
};

interface FieldTree {
  readonly children: Map<string, FieldTree>;
  evaluate?: Evaluate;
}

/** `{ 'a.b': …, c: { d: … } }`: sets nested fields, inside every element where a path meets an array. */
function compileAddFields(spec: Doc, options: ExpressionOptions): (doc: Doc) => Doc {
  const compiler = compilerFor(options);
  const root: FieldTree = { children: new Map() };
  const plant = (parts: readonly string[], value: unknown): void => {
    let node = root;
    for (const part of parts) {
      if (part === '' || part.startsWith('$')) {
        throw new DbError(
          16410,
          `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
        );
      }
      let child = node.children.get(part);
      if (!child) {
        child = { children: new Map() };
        node.children.set(part, child);
      }
      node = child;
    }
    if (isDoc(value) && Object.keys(value).length > 0 && !Object.keys(value)[0]?.startsWith('$')) {
      for (const [name, inner] of Object.entries(value))
        plant([...parts, ...name.split('.')], inner);
    } else {
      node.evaluate = compiler.compile(value);
    }
  };
  for (const [path, value] of Object.entries(spec)) plant(path.split('.'), value);
  const outer = outerVariables(options);
  return (doc) => grow(doc, root, { root: doc, variables: outer }) as Doc;
}

function grow(value: unknown, tree: FieldTree, scope: Parameters<Evaluate>[0]): unknown {
  if (tree.evaluate) return tree.evaluate(scope);
  if (Array.isArray(value)) return value.map((element) => grow(element, tree, scope));
  const copy: Doc = isDoc(value) ? { ...value } : {};
  for (const [name, child] of tree.children) {
    const next = grow(field(copy, name), child, scope);
    if (next === undefined) delete copy[name];
    else setField(copy, name, next);
  }
  return copy;
}

const unset: StageOperator = (operand, { options }) => {
  const paths: unknown[] = Array.isArray(operand) ? operand : [operand];
  if (paths.length === 0 || !paths.every((path) => typeof path === 'string')) {
    throw new DbError(31002, '$unset specification must be a string or an array');
  }
  const spec = Object.fromEntries(paths.map((path) => [path, 0]));
  return mapping(compileProjection(spec, { ...options, aggregation: true }).apply);
};

const replaceWith: StageOperator = (operand, { options }) => {
  const evaluate = compilerFor(options).compile(operand);
  const outer = outerVariables(options);
  return mapping((doc) => {
    const root = evaluate({ root: doc, variables: outer });
    if (isDoc(root)) return root;
    throw new DbError(
      40228,
      `'newRoot' expression must evaluate to an object, but resulting value was of type: '${typeAlias(root)}'`,
    );
  });
};

const replaceRoot: StageOperator = (operand, context) => {
  if (!isDoc(operand) || !('newRoot' in operand))
    throw new DbError(40231, 'no newRoot specified for the $replaceRoot stage');
  return replaceWith(operand['newRoot'], context);
};

const unwind: StageOperator = (operand) => {
  const spec: Doc = isDoc(operand) ? operand : { path: operand };
  const { path, includeArrayIndex, preserveNullAndEmptyArrays } = spec;
  if (typeof path !== 'string' || path === '')
    throw new DbError(28808, 'expected a string as the path for $unwind stage');
  if (!path.startsWith('$'))
    throw new DbError(28818, "path option to $unwind stage should be prefixed with a '$': " + path);
  const parts = path.slice(1).split('.');
  const keep = preserveNullAndEmptyArrays === true;
  const indexField =
    typeof includeArrayIndex === 'string' ? includeArrayIndex.split('.') : undefined;
  const placed = (doc: Doc, index: number | null): Doc =>
    indexField ? withPath(doc, indexField, index) : doc;
  const unwound = function* (doc: Doc): Generator<Doc> {
    const value = valueAt(doc, parts);
    if (!Array.isArray(value)) {
      if (keep || (value !== undefined && value !== null)) yield placed(doc, null);
    } else if (value.length === 0) {
      if (keep) yield placed(withPath(doc, parts, undefined), null);
    } else {
      for (let i = 0; i < value.length; i++) yield placed(withPath(doc, parts, value[i]), i);
    }
  };
  return function* (docs) {
    for (const batch of docs) {
      let out: Doc[] = [];
      for (const doc of batch ?? []) {
        for (const one of unwound(doc)) {
          if (out.push(one) < BREATH) continue;
          yield out;
          out = [];
        }
      }
      yield out;
    }
  };
};

function valueAt(doc: Doc, parts: readonly string[]): unknown {
  let value: unknown = doc;
  for (const part of parts) {
    if (!isDoc(value)) return undefined;
    value = field(value, part);
  }
  return value;
}

/** A copy of the document with one path set, or removed when the value is `undefined`. */
export function withPath(doc: Doc, parts: readonly string[], value: unknown): Doc {
  const [name, ...rest] = parts as [string, ...string[]];
  const copy = { ...doc };
  if (rest.length > 0) {
    const inner = field(copy, name);
    setField(copy, name, withPath(isDoc(inner) ? inner : {}, rest, value));
  } else if (value === undefined) {
    delete copy[name];
  } else {
    setField(copy, name, value);
  }
  return copy;
}

const redact: StageOperator = (operand, { options }) => {
  const evaluate = compilerFor(options).compile(operand);
  const outer = outerVariables(options);
  const visit = (doc: Doc): Doc | undefined => {
    const verdict = evaluate({ root: doc, variables: outer });
    if (verdict === '$$KEEP') return doc;
    if (verdict === '$$PRUNE') return undefined;
    if (verdict !== '$$DESCEND') {
      throw new DbError(17053, '$redact must evaluate to one of $$DESCEND, $$KEEP or $$PRUNE');
    }
    return descend(doc, visit);
  };
  return function* (docs) {
    for (const batch of docs) {
      yield batch?.map(visit).filter((kept) => kept !== undefined);
    }
  };
};

function descend(doc: Doc, visit: (doc: Doc) => Doc | undefined): Doc {
  const copy: Doc = {};
  for (const [name, value] of Object.entries(doc)) {
    if (isDoc(value)) {
      const kept = visit(value);
      if (kept) setField(copy, name, kept);
    } else if (Array.isArray(value)) {
      setField(
        copy,
        name,
        value.flatMap((element: unknown) => {
          if (!isDoc(element)) return [element];
          const kept = visit(element);
          return kept ? [kept] : [];
        }),
      );
    } else {
      setField(copy, name, value);
    }
  }
  return copy;
}

const documents: StageOperator = (operand, { options }) => {
  const list = compilerFor(options).compile(operand)({
    root: {},
    variables: outerVariables(options),
  });
  if (!Array.isArray(list) || !list.every(isDoc)) {
    throw new DbError(5858203, 'an array is expected in $documents, of objects');
  }
  return () => flowOf(list);
};

const sample: StageOperator = (operand) => {
  const size =
    isDoc(operand) && isNumeric(operand['size']) ? toDouble(operand['size']) : Number.NaN;
  if (!(size > 0)) throw new DbError(28747, 'size argument to $sample must be a positive integer');
  return function* (docs) {
    const pool = [...(yield* collect(docs))];
    const count = Math.min(size, pool.length);
    for (let i = 0; i < count; i++) {
      const j = i + Math.floor(Math.random() * (pool.length - i));
      [pool[i], pool[j]] = [pool[j] as Doc, pool[i] as Doc];
      if (i % BREATH === BREATH - 1) yield;
    }
    yield* flowOf(pool.slice(0, count));
  };
};

export const shapingStages: Readonly<Record<string, StageOperator>> = {
  $match: match,
  $project: project,
  $addFields: addFields,
  $set: addFields,
  $unset: unset,
  $replaceRoot: replaceRoot,
  $replaceWith: replaceWith,
  $unwind: unwind,
  $redact: redact,
  $documents: documents,
  $sample: sample,
};
