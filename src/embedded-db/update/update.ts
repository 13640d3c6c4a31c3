import { show } from '../bson/show.js';
import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import type { MatchOptions } from '../query/match.js';
import { Draft } from './draft.js';
import type { Modifier, ModifierContext } from './modifier.js';
import { arrayModifiers } from './modifiers-array.js';
import { fieldModifiers, identical } from './modifiers-field.js';
import { compilePipelineUpdate } from './pipeline.js';
import { compileArrayFilters, isPositional, placesOf, type ElementFilters } from './places.js';

export interface UpdateOptions extends MatchOptions {
  readonly arrayFilters?: readonly unknown[] | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A compiled update: the document after it, which is the same object when nothing changed. */
export interface Update {
  readonly isReplacement: boolean;
  apply(doc: Doc, matchedIndex: number | undefined, inserting: boolean): Doc;
}

const MODIFIERS: Readonly<Record<string, Modifier>> = {
  ...fieldModifiers,
  ...arrayModifiers,
  $setOnInsert: fieldModifiers['$set'] as Modifier,
};

/**
 * Compiles the `u` of an update: modifiers, a whole new document, or a pipeline.
 *
 * @throws DbError 9 for unknown modifiers, 40 for two that touch one path, and what each modifier throws
 */
export function compileUpdate(update: unknown, options: UpdateOptions): Update {
  if (Array.isArray(update)) return compilePipelineUpdate(update, options);
  if (!isDoc(update)) throw new DbError(9, 'Update argument must be either an object or an array');
  const first = Object.keys(update)[0];
  return first?.startsWith('$')
    ? compileModifiers(update, options)
    : compileReplacement(update, options);
}

function compileReplacement(replacement: Doc, options: UpdateOptions): Update {
  if (options.arrayFilters?.length) {
    throw new DbError(9, 'Cannot specify arrayFilters and a replacement-style update');
  }
  for (const name of Object.keys(replacement)) {
    if (name.startsWith('$'))
      throw new DbError(
        52,
        `The dollar ($) prefixed field '${name}' in '${name}' is not allowed in the context of an update's replacement document. Consider using an aggregation pipeline with $replaceWith.`,
      );
  }
  return {
    isReplacement: true,
    apply: (doc) => {
      const next = replaced(doc, replacement);
      return identical(doc, next) ? doc : next;
    },
  };
}

/** The new document keeps the old `_id`, which stands first. */
export function replaced(doc: Doc, replacement: Doc): Doc {
  const id = doc['_id'] ?? replacement['_id'];
  const next: Doc = id === undefined ? {} : { _id: id };
  return { ...next, ...replacement };
}

interface Step {
  readonly parts: readonly string[];
  readonly onInsertOnly: boolean;
  run(draft: Draft, place: readonly string[]): void;
}

function compileModifiers(update: Doc, options: UpdateOptions): Update {
  const filters = compileArrayFilters(options.arrayFilters ?? [], options);
  const steps = Object.entries(update).flatMap(([name, operand]) =>
    stepsOf(name, operand, options),
  );
  checkConflicts(update);
  checkFiltersUsed(filters, steps);
  // MongoDB applies fields in the order of their names, not in the order the client wrote them.
  steps.sort((a, b) => comparePaths(a.parts, b.parts));
  return {
    isReplacement: false,
    apply: (doc, matchedIndex, inserting) =>
      applySteps(doc, steps, filters, matchedIndex, inserting),
  };
}

function stepsOf(name: string, operand: unknown, options: UpdateOptions): Step[] {
  const modifier = Object.hasOwn(MODIFIERS, name) ? MODIFIERS[name] : undefined;
  if (!modifier) {
    throw new DbError(
      9,
      `Unknown modifier: ${name}. Expected a valid update modifier or pipeline-style update specified as an array`,
    );
  }
  if (!isDoc(operand)) {
    throw new DbError(
      9,
      `Modifiers operate on fields but we found type ${typeof operand} instead. For example: {$mod: {<field>: ...}} not {${name}: ${show(operand)}}`,
    );
  }
  return Object.entries(operand).map(([path, value]) => {
    checkPath(path);
    const context: ModifierContext = { ...options, path };
    return {
      parts: path.split('.'),
      onInsertOnly: name === '$setOnInsert',
      run: modifier(value, context),
    };
  });
}

function checkPath(path: string): void {
  if (path === '') throw new DbError(56, 'An empty update path is not valid.');
  const parts = path.split('.');
  if (parts.includes('')) {
    throw new DbError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  if (isPositional(parts[0] ?? '')) {
    throw new DbError(
      2,
      `Cannot have positional (i.e. '$') element in the first position in path '${path}'`,
    );
  }
}

/** @throws DbError 40 when one path is another's beginning */
function checkConflicts(update: Doc): void {
  const seen: string[][] = [];
  const add = (path: string): void => {
    const parts = path.split('.');
    for (const other of seen) {
      const length = Math.min(parts.length, other.length);
      if (parts.slice(0, length).join('.') !== other.slice(0, length).join('.')) continue;
      const at = parts.slice(0, length).join('.');
      throw new DbError(40, `Updating the path '${path}' would create a conflict at '${at}'`);
    }
    seen.push(parts);
  };
  for (const [name, operand] of Object.entries(update)) {
    for (const [path, value] of Object.entries(operand as Doc)) {
      add(path);
      if (name === '$rename' && typeof value === 'string') {
        checkPath(value);
        add(value);
      }
    }
  }
}

function checkFiltersUsed(filters: ElementFilters, steps: readonly Step[]): void {
  for (const name of filters.keys()) {
    if (!steps.some(({ parts }) => parts.includes(`$[${name}]`))) {
      throw new DbError(9, `The array filter for identifier '${name}' was not used in the update`);
    }
  }
}

const DIGITS = /^\d+$/;

function comparePaths(a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a[i] as string;
    const y = b[i] as string;
    if (x === y) continue;
    if (DIGITS.test(x) && DIGITS.test(y)) return Number(x) - Number(y);
    return x < y ? -1 : 1;
  }
  return a.length - b.length;
}

function applySteps(
  doc: Doc,
  steps: readonly Step[],
  filters: ElementFilters,
  matchedIndex: number | undefined,
  inserting: boolean,
): Doc {
  const draft = new Draft(doc);
  const context = { draft, filters, matchedIndex };
  for (const step of steps) {
    if (step.onInsertOnly && !inserting) continue;
    if (!inserting) refuseDollarField(step.parts);
    for (const place of placesOf(step.parts, context)) step.run(draft, place);
  }
  return draft.changed && !identical(doc, draft.root) ? draft.root : doc;
}

/** A new document may have fields called `$…`, an update can not add them at the top. */
function refuseDollarField([first = '']: readonly string[]): void {
  if (!first.startsWith('$') || first === '$id' || first === '$ref' || first === '$db') return;
  throw new DbError(
    52,
    `The dollar ($) prefixed field '${first}' in '${first}' is not valid for storage.`,
  );
}
