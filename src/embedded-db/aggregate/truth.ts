import { isNumeric, toDouble } from '../bson/value.js';

/** MongoDB's truth: everything but false, null, missing and zero. */
export function truthy(value: unknown): boolean {
  if (value === undefined || value === null || value === false) return false;
  if (value === true || typeof value === 'string') return true;
  return !isNumeric(value) || toDouble(value) !== 0;
}
