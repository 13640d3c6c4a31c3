import type { Doc } from '../bson/value.js';

/** Whether a document is a set of operators rather than a value; `{ $ref: … }` is a value. */
export function isOperatorDoc(doc: Doc): boolean {
  const first = Object.keys(doc)[0];
  return first !== undefined && first.startsWith('$') && !isReference(first);
}

/** The fields of a database reference start with a dollar and are names all the same. */
export function isReference(name: string): boolean {
  return name === '$ref' || name === '$id' || name === '$db';
}
