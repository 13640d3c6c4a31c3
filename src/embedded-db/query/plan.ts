import { isDoc, type Doc } from '../bson/value.js';
import type { Collection, Entry } from '../storage/collection.js';
import { AFTER_ALL } from '../storage/key.js';
import type { Collation } from './collation.js';
import { isRegExp } from './match-evaluation.js';
import { isOperatorDoc } from './operator-doc.js';

export interface Plan {
  /** Documents that may match, each once; the filter is still applied to them. */
  entries(): Iterable<Entry>;
  /** Whether they come in the order asked for. */
  readonly sorted: boolean;
  readonly explain: Doc;
}

export interface PlanRequest {
  readonly filter: Doc;
  readonly sort?: Doc | undefined;
  readonly hint?: unknown;
  readonly collation?: Collation | undefined;
}

export function planQuery(collection: Collection, request: PlanRequest): Plan {
  const equal = equalityOn(request.filter, '_id');
  if (equal !== undefined && !request.collation) {
    const index = collection.idIndex;
    const key = index.keyPart(0, equal.value);
    return {
      *entries() {
        for (const record of index.keys.ascending(key, key + AFTER_ALL)) {
          const entry = collection.entries.get(record);
          if (entry) yield entry;
        }
      },
      sorted: true,
      explain: { stage: 'IDHACK' },
    };
  }
  return {
    entries: () => collection.entries.values(),
    sorted: !request.sort || Object.keys(request.sort).length === 0,
    explain: { stage: 'COLLSCAN', direction: 'forward' },
  };
}

function equalityOn(filter: Doc, path: string): { value: unknown } | undefined {
  if (!Object.hasOwn(filter, path)) return undefined;
  const value = filter[path];
  if (isRegExp(value) || Array.isArray(value) || value === null) return undefined;
  return isDoc(value) && isOperatorDoc(value) ? undefined : { value };
}
