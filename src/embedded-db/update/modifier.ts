import type { Collation } from '../query/collation.js';
import type { MatchOptions } from '../query/match.js';
import type { Draft, Place } from './draft.js';

export interface ModifierContext extends MatchOptions {
  /** The path as the client wrote it. */
  readonly path: string;
  /** Milliseconds since the epoch, for `$currentDate`. */
  readonly now: number;
  readonly collation?: Collation | undefined;
}

/** Checks its operand once, then changes any number of documents at the given places. */
export type Modifier = (
  operand: unknown,
  context: ModifierContext,
) => (draft: Draft, place: Place) => void;
