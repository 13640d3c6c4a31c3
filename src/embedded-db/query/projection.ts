import {
  compilerFor,
  outerVariables,
  type Evaluate,
  type ExpressionOptions,
  type Scope,
} from '../aggregate/expression.js';
import { truthy } from '../aggregate/truth.js';
import { field, isDoc, isNumeric, setField, toDouble, type Doc } from '../bson/value.js';
import { DbError, notSupported } from '../errors.js';
import type { MatchDetails } from './path.js';
import { compileMatch, type Match } from './match.js';

export interface ProjectionOptions extends ExpressionOptions {
  /** In `$project`, operators of find (`$slice`, `$elemMatch`, positional) are expressions or errors. */
  readonly aggregation?: boolean;
  /** The query, for the positional `a.$`. */
  readonly filter?: Doc | undefined;
}

export interface Projection {
  readonly apply: (doc: Doc) => Doc;
  /** Top-level names needed, when only plain inclusions are asked for. */
  readonly exclusive: boolean;
}

type Leaf =
  | { readonly kind: 'include' | 'exclude' }
  | { readonly kind: 'computed'; readonly evaluate: Evaluate }
  | { readonly kind: 'slice'; readonly skip: number | undefined; readonly count: number }
  | { readonly kind: 'elemMatch'; readonly match: (element: unknown) => boolean }
  | { readonly kind: 'positional' };

interface Node {
  readonly children: Map<string, Node>;
  leaf?: Leaf;
}

/** @throws DbError 31253/31254 for mixing inclusion and exclusion, 31249/31250 for colliding paths */
export function compileProjection(spec: Doc, options: ProjectionOptions): Projection {
  const root: Node = { children: new Map() };
  for (const [path, value] of Object.entries(spec)) plant(root, path, value, options);
  const inclusive = isInclusive(spec, root);
  const idLeaf = root.children.get('_id')?.leaf;
  if (!root.children.has('_id') && inclusive)
    root.children.set('_id', { children: new Map(), leaf: { kind: 'include' } });
  if (inclusive && idLeaf?.kind === 'exclude') root.children.delete('_id');
  const outer = outerVariables(options);
  const positional = positionalMatch(root, options);
  return {
    exclusive: !inclusive,
    apply: (doc) => {
      const scope: Scope = { root: doc, variables: outer };
      const index = positional?.(doc);
      return inclusive
        ? (includeFields(doc, root, scope, index) as Doc)
        : (excludeFields(doc, root, scope) as Doc);
    },
  };
}

function plant(root: Node, path: string, value: unknown, options: ProjectionOptions): void {
  const positional = path.endsWith('.$') && !options.aggregation;
  const parts = (positional ? path.slice(0, -2) : path).split('.');
  if (parts.includes('')) {
    throw new DbError(40353, "FieldPath must not end with a '.' or hold empty names.");
  }
  if (parts.some((part) => part.startsWith('$') && !['$id', '$ref', '$db'].includes(part))) {
    throw new DbError(
      16410,
      `FieldPath field names may not start with '$'. Consider using $getField or $setField.`,
    );
  }
  if (isNested(value, options)) {
    for (const [name, inner] of Object.entries(value))
      plant(root, `${path}.${name}`, inner, options);
    return;
  }
  let node = root;
  for (const part of parts) {
    if (node.leaf) throw collision(path);
    let child = node.children.get(part);
    if (!child) node.children.set(part, (child = { children: new Map() }));
    node = child;
  }
  if (node.leaf || node.children.size > 0) throw collision(path);
  node.leaf = positional ? { kind: 'positional' } : leafOf(path, value, options);
}

function collision(path: string): DbError {
  return new DbError(31249, `Path collision at ${path}`);
}

function isNested(value: unknown, options: ProjectionOptions): value is Doc {
  if (!isDoc(value)) return false;
  const names = Object.keys(value);
  if (names.length === 0) {
    throw new DbError(
      51270,
      'An empty sub-projection is not a valid value. Found empty object at path',
    );
  }
  void options;
  return !names[0]?.startsWith('$');
}

function leafOf(path: string, value: unknown, options: ProjectionOptions): Leaf {
  if (typeof value === 'boolean' || isNumeric(value)) {
    return { kind: truthy(value) ? 'include' : 'exclude' };
  }
  if (isDoc(value) && !options.aggregation) {
    if ('$slice' in value && !isExpressionSlice(value['$slice'])) return sliceLeaf(value['$slice']);
    if ('$elemMatch' in value) return elemMatchLeaf(path, value['$elemMatch'], options);
    if ('$meta' in value) throw notSupported('$meta is');
  }
  return { kind: 'computed', evaluate: compilerFor(options).compile(value) };
}

/** `{ $slice: ['$field', 3] }` is the expression, `{ $slice: [1, 2] }` the projection. */
function isExpressionSlice(operand: unknown): boolean {
  return Array.isArray(operand) && !isNumeric(operand[0]);
}

function sliceLeaf(operand: unknown): Leaf {
  const parts: unknown[] = Array.isArray(operand) ? operand : [operand];
  const numbers = parts.map((part) => (isNumeric(part) ? Math.trunc(toDouble(part)) : Number.NaN));
  if (numbers.some(Number.isNaN) || numbers.length < 1 || numbers.length > 2) {
    throw new DbError(
      28667,
      'Invalid $slice syntax. The given syntax did not match the find() syntax',
    );
  }
  if (numbers.length === 1) return { kind: 'slice', skip: undefined, count: numbers[0] as number };
  const [skip, count] = numbers as [number, number];
  if (count <= 0) throw new DbError(28724, 'First argument to $slice must be positive');
  return { kind: 'slice', skip, count };
}

function elemMatchLeaf(path: string, operand: unknown, options: ProjectionOptions): Leaf {
  if (!isDoc(operand)) throw new DbError(31274, 'elemMatch: Invalid argument, object required');
  if (path.includes('.'))
    throw new DbError(31275, 'Cannot use $elemMatch projection on a nested field');
  const match: Match = compileMatch({ element: { $elemMatch: operand } }, options);
  return { kind: 'elemMatch', match: (element) => match({ element: [element] }) };
}

function isInclusive(spec: Doc, root: Node): boolean {
  let inclusion: string | undefined;
  let exclusion: string | undefined;
  let other = false;
  const visit = (node: Node, path: string): void => {
    for (const [name, child] of node.children) {
      const at = path ? `${path}.${name}` : name;
      if (!child.leaf) visit(child, at);
      else if (child.leaf.kind === 'exclude') {
        if (at !== '_id') exclusion ??= at;
      } else if (child.leaf.kind === 'slice') other = true;
      else if (at !== '_id' || child.leaf.kind === 'computed') inclusion ??= at;
    }
  };
  visit(root, '');
  if (inclusion !== undefined && exclusion !== undefined) {
    const included = root.children.get(exclusion)?.leaf ?? true;
    void included;
    const firstIsExclusion =
      Object.keys(spec).indexOf(exclusion) < Object.keys(spec).indexOf(inclusion);
    throw firstIsExclusion
      ? new DbError(31253, `Cannot do inclusion on field ${inclusion} in exclusion projection`)
      : new DbError(31254, `Cannot do exclusion on field ${exclusion} in inclusion projection`);
  }
  if (inclusion !== undefined) return true;
  if (exclusion !== undefined || other) return false;
  return root.children.get('_id')?.leaf?.kind === 'include';
}

function includeFields(
  value: unknown,
  node: Node,
  scope: Scope,
  index: number | undefined,
): unknown {
  if (Array.isArray(value)) {
    return value.flatMap((element: unknown) => {
      // Plain values in an array have none of the fields asked for, and disappear.
      if (!isDoc(element) && !Array.isArray(element))
        return hasComputed(node) ? [includeFields({}, node, scope, index)] : [];
      return [includeFields(element, node, scope, index)];
    });
  }
  if (!isDoc(value)) return hasComputed(node) ? includeFields({}, node, scope, index) : undefined;
  const out: Doc = {};
  for (const name of Object.keys(value)) {
    const child = node.children.get(name);
    if (!child || child.leaf?.kind === 'computed') continue;
    const kept = child.leaf
      ? leafValue(child.leaf, field(value, name), index)
      : includeFields(field(value, name), child, scope, index);
    if (kept !== undefined) setField(out, name, kept);
  }
  addComputed(out, value, node, scope, index);
  return out;
}

function addComputed(
  out: Doc,
  source: Doc,
  node: Node,
  scope: Scope,
  index: number | undefined,
): void {
  for (const [name, child] of node.children) {
    if (child.leaf?.kind === 'computed') {
      const value = child.leaf.evaluate(scope);
      if (value !== undefined) setField(out, name, value);
    } else if (!child.leaf && !Object.hasOwn(source, name) && hasComputed(child)) {
      setField(out, name, includeFields({}, child, scope, index));
    }
  }
}

function hasComputed(node: Node): boolean {
  for (const child of node.children.values()) {
    if (child.leaf ? child.leaf.kind === 'computed' : hasComputed(child)) return true;
  }
  return false;
}

function leafValue(leaf: Leaf, value: unknown, index: number | undefined): unknown {
  switch (leaf.kind) {
    case 'slice':
      return Array.isArray(value) ? sliceOf(value, leaf.skip, leaf.count) : value;
    case 'elemMatch': {
      if (!Array.isArray(value)) return undefined;
      const found: unknown[] = value.filter((element) => leaf.match(element)).slice(0, 1);
      return found.length > 0 ? found : undefined;
    }
    case 'positional':
      if (!Array.isArray(value)) return value;
      if (index === undefined || index >= value.length) {
        throw new DbError(
          51246,
          "Executor error during find command :: caused by :: positional operator '.$' couldn't find a matching element in the array",
        );
      }
      return [value[index]];
    case 'include':
    case 'exclude':
    case 'computed':
      return value;
  }
}

function sliceOf(array: readonly unknown[], skip: number | undefined, count: number): unknown[] {
  if (skip === undefined) return count >= 0 ? array.slice(0, count) : array.slice(count);
  const start = skip >= 0 ? skip : Math.max(0, array.length + skip);
  return array.slice(start, start + count);
}

function excludeFields(value: unknown, node: Node, scope: Scope): unknown {
  if (Array.isArray(value))
    return value.map((element: unknown) => excludeFields(element, node, scope));
  if (!isDoc(value)) return value;
  const out: Doc = {};
  for (const name of Object.keys(value)) {
    const child = node.children.get(name);
    const inner = field(value, name);
    if (!child) setField(out, name, inner);
    else if (!child.leaf) setField(out, name, excludeFields(inner, child, scope));
    else if (child.leaf.kind !== 'exclude') {
      const kept = leafValue(child.leaf, inner, undefined);
      if (kept !== undefined) setField(out, name, kept);
    }
  }
  return out;
}

function positionalMatch(
  root: Node,
  options: ProjectionOptions,
): ((doc: Doc) => number | undefined) | undefined {
  const has = (node: Node): boolean =>
    [...node.children.values()].some((child) => child.leaf?.kind === 'positional' || has(child));
  if (!has(root)) return undefined;
  const match = compileMatch(options.filter ?? {}, options);
  return (doc) => {
    const details: MatchDetails = { index: undefined };
    match(doc, details);
    return details.index;
  };
}
