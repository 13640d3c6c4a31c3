import { show } from '../bson/show.js';
import { field, isDoc, setField, type Doc } from '../bson/value.js';
import { DbError } from '../errors.js';

/** A concrete place in a document: field names and array positions. */
export type Place = readonly string[];

const DIGITS = /^(0|[1-9]\d*)$/;
/** MongoDB refuses to pad an array by more than this. */
const MAX_PADDING = 1_500_000;

/**
 * A document being updated. Containers are copied the first time something inside them changes, so that
 * the stored document, and every cursor that holds it, stays as it was.
 */
export class Draft {
  private readonly own = new Set<object>();
  root: Doc;

  constructor(private readonly original: Doc) {
    this.root = original;
  }

  get changed(): boolean {
    return this.root !== this.original;
  }

  /** The value at a place, `undefined` where there is none. */
  get(place: Place): unknown {
    let value: unknown = this.root;
    for (const name of place) {
      if (Array.isArray(value)) value = DIGITS.test(name) ? value[Number(name)] : undefined;
      else if (isDoc(value)) value = field(value, name);
      else return undefined;
    }
    return value;
  }

  /** Sets a value, making the documents on the way. @throws DbError 28 where something else is in the way */
  set(place: Place, value: unknown): void {
    this.root = this.owned(this.root);
    let container: Doc | unknown[] = this.root;
    for (let i = 0; i < place.length - 1; i++) {
      const name = place[i] as string;
      const inner = read(container, name, place, i);
      if (inner === undefined) {
        const made: Doc = {};
        this.own.add(made);
        write(container, name, made, place, i);
        container = made;
      } else if (isDoc(inner) || Array.isArray(inner)) {
        const copy = this.owned(inner);
        write(container, name, copy, place, i);
        container = copy;
      } else {
        throw notViable(place[i + 1] as string, name, inner);
      }
    }
    const last = place[place.length - 1] as string;
    write(container, last, value, place, place.length - 1);
  }

  /** Removes a field; inside an array the position becomes null. Nothing happens where nothing is. */
  unset(place: Place): void {
    if (this.get(place) === undefined) return;
    this.root = this.owned(this.root);
    let container: Doc | unknown[] = this.root;
    for (const name of place.slice(0, -1)) {
      const inner: unknown = Array.isArray(container)
        ? container[Number(name)]
        : field(container, name);
      const copy: Doc | unknown[] = this.owned(inner as Doc | unknown[]);
      if (Array.isArray(container)) container[Number(name)] = copy;
      else setField(container, name, copy);
      container = copy;
    }
    const last = place[place.length - 1] as string;
    if (Array.isArray(container)) container[Number(last)] = null;
    else delete container[last];
  }

  private owned<T extends Doc | unknown[]>(container: T): T {
    if (this.own.has(container)) return container;
    const copy = (Array.isArray(container) ? container.slice() : { ...container }) as T;
    this.own.add(copy);
    return copy;
  }
}

function read(container: Doc | unknown[], name: string, place: Place, at: number): unknown {
  if (!Array.isArray(container)) return field(container, name);
  if (!DIGITS.test(name)) throw notViable(name, place[at - 1] ?? '', container);
  return container[Number(name)];
}

function write(
  container: Doc | unknown[],
  name: string,
  value: unknown,
  place: Place,
  at: number,
): void {
  if (!Array.isArray(container)) {
    setField(container, name, value);
    return;
  }
  if (!DIGITS.test(name)) throw notViable(name, place[at - 1] ?? '', container);
  const position = Number(name);
  if (position > container.length + MAX_PADDING) {
    throw new DbError(2, `can't backfill more than ${MAX_PADDING} elements`);
  }
  while (container.length < position) container.push(null);
  container[position] = value;
}

function notViable(name: string, parent: string, value: unknown): DbError {
  return new DbError(28, `Cannot create field '${name}' in element {${parent}: ${show(value)}}`);
}
