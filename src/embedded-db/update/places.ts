import { show } from '../bson/show.js';
import { isDoc, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';
import { compileMatch, type Match, type MatchOptions } from '../query/match.js';
import type { Draft, Place } from './draft.js';

/** Named element filters of `arrayFilters`, each a test of one array element. */
export type ElementFilters = ReadonlyMap<string, (element: unknown) => boolean>;

/** @throws DbError 9 for a filter without, or with more than one, leading identifier */
export function compileArrayFilters(
  filters: readonly unknown[],
  options: MatchOptions,
): ElementFilters {
  const compiled = new Map<string, (element: unknown) => boolean>();
  for (const filter of filters) {
    if (!isDoc(filter)) throw new DbError(14, 'array filters must be objects');
    const names = identifiersOf(filter);
    const [name] = names;
    if (name === undefined) {
      throw new DbError(
        9,
        'Cannot use an expression without a top-level field name in arrayFilters',
      );
    }
    if (names.size > 1) {
      throw new DbError(
        9,
        `Error parsing array filter :: caused by :: Expected a single top-level field name, found '${[...names].join("' and '")}'`,
      );
    }
    if (!/^[a-z][a-zA-Z0-9]*$/.test(name)) {
      throw new DbError(
        2,
        `Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string beginning with a lowercase letter, found '${name}'`,
      );
    }
    if (compiled.has(name)) {
      throw new DbError(
        9,
        `Found multiple array filters with the same top-level field name ${name}`,
      );
    }
    const match: Match = compileMatch(filter, options);
    compiled.set(name, (element) => match({ [name]: element }));
  }
  return compiled;
}

function identifiersOf(filter: Doc): Set<string> {
  const names = new Set<string>();
  for (const [key, operand] of Object.entries(filter)) {
    if (!key.startsWith('$')) {
      names.add(key.split('.')[0] as string);
    } else if (Array.isArray(operand)) {
      for (const branch of operand)
        if (isDoc(branch)) for (const n of identifiersOf(branch)) names.add(n);
    }
  }
  return names;
}

export interface PlaceContext {
  readonly draft: Draft;
  readonly filters: ElementFilters;
  /** The array position the query matched, for the positional `$`. */
  readonly matchedIndex: number | undefined;
}

/** `$`, `$[]` and `$[name]`; any other name with a dollar is just a name. */
export function isPositional(part: string): boolean {
  return part === '$' || /^\$\[.*\]$/.test(part);
}

/** Turns a path with `$`, `$[]` and `$[name]` into the places it means in this document. */
export function placesOf(parts: readonly string[], context: PlaceContext): Place[] {
  const wild = parts.findIndex(isPositional);
  if (wild < 0) return [parts];
  const before = parts.slice(0, wild);
  const after = parts.slice(wild + 1);
  return positionsOf(parts[wild] as string, before, context).flatMap((position) =>
    placesOf([...before, String(position), ...after], context),
  );
}

function positionsOf(part: string, before: Place, context: PlaceContext): number[] {
  if (part === '$') {
    if (context.matchedIndex === undefined) {
      throw new DbError(2, 'The positional operator did not find the match needed from the query.');
    }
    return [context.matchedIndex];
  }
  const array = context.draft.get(before);
  if (array === undefined) {
    throw new DbError(
      2,
      `The path '${before.join('.')}' must exist in the document in order to apply array updates.`,
    );
  }
  if (!Array.isArray(array)) {
    throw new DbError(
      2,
      `Cannot apply array updates to non-array element ${before.at(-1) ?? ''}: ${show(array)}`,
    );
  }
  if (part === '$[]') return [...array.keys()];
  const name = part.slice(2, -1);
  const accepts = context.filters.get(name);
  if (!accepts) {
    throw new DbError(
      2,
      `No array filter found for identifier '${name}' in path '${[...before, part].join('.')}'`,
    );
  }
  return [...array.keys()].filter((i) => accepts(array[i]));
}
