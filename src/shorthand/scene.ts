import { Characters } from './characters.js';
import { Sought } from './sought.js';

/**
 * One segment of a message while it is being read. `text` is the uniform spelling; `marked` is the
 * same string with every stretch a recogniser has claimed overwritten by that kind's mark, so that
 * later recognisers neither read it twice nor lose sight of what stood there.
 */
export const MARK = {
  customer: '\ue001',
  amount: '\ue002',
  day: '\ue003',
  stage: '\ue004',
  chance: '\ue005',
  person: '\ue006',
  contact: '\ue007',
  other: '\ue008',
  /** A telephone number or an e-mail address. */
  reach: '\ue009',
} as const;
export type Mark = (typeof MARK)[keyof typeof MARK];

/** Any mark, for use inside a character class. */
export const ANY_MARK = '\ue001-\ue009';

/** Half-open range of the segment's uniform text. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

export interface Found<T> extends Range {
  readonly value: T;
}

export class Scene {
  readonly text: string;
  private current: string;

  constructor(text: string) {
    this.text = text;
    this.current = text;
  }

  get marked(): string {
    return this.current;
  }

  /** Marks all `ranges` as read, in one pass however many they are. */
  claim(ranges: readonly Range[], mark: Mark): void {
    if (ranges.length === 0) return;
    this.current = overwritten(this.current, ranges, mark);
  }
}

/** What ends a clause. */
export const CLAUSE_BREAKS = new Characters(',，。;；!！?？\n');

/** Where the clause that `at` lies in begins, not looked for before `floor`. */
export function clauseStart(text: string, at: number, floor = 0): number {
  let start = at;
  while (start > floor && !CLAUSE_BREAKS.at(text, start - 1)) start--;
  return start;
}

/** `text` with every range overwritten by `mark`. */
export function overwritten(text: string, ranges: readonly Range[], mark: string): string {
  let out = '';
  let at = 0;
  for (const { start, end } of inOrder(ranges)) {
    if (end <= at) continue;
    const from = Math.max(start, at);
    out += text.slice(at, from) + mark.repeat(end - from);
    at = end;
  }
  return at === 0 ? text : out + text.slice(at);
}

/** Most are found left to right and need no sorting. */
function inOrder(ranges: readonly Range[]): readonly Range[] {
  const sorted = ranges.every((range, i) => i === 0 || (ranges[i - 1]?.start ?? 0) <= range.start);
  return sorted ? ranges : [...ranges].sort((a, b) => a.start - b.start);
}

const NONE: readonly RegExpExecArray[] = [];

/** Every match of a global pattern, as ranges with their match. */
export function matches(text: string, wanted: RegExp | Sought): readonly RegExpExecArray[] {
  if (!(wanted instanceof Sought)) return allOf(text, wanted);
  return wanted.mayBeIn(text) ? allOf(text, wanted.pattern) : NONE;
}

function allOf(text: string, pattern: RegExp): readonly RegExpExecArray[] {
  pattern.lastIndex = 0;
  let m = pattern.exec(text);
  if (!m) return NONE;
  const found: RegExpExecArray[] = [];
  for (; m; m = pattern.exec(text)) {
    found.push(m);
    if (m[0] === '') pattern.lastIndex++;
  }
  return found;
}
