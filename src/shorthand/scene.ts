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
} as const;
export type Mark = (typeof MARK)[keyof typeof MARK];

/** Any mark, for use inside a character class. */
export const ANY_MARK = '\ue001-\ue008';

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

  /** Marks all `ranges` as read. */
  claim(ranges: readonly Range[], mark: Mark): void {
    for (const { start, end } of ranges) {
      if (end <= start) continue;
      this.current =
        this.current.slice(0, start) + mark.repeat(end - start) + this.current.slice(end);
    }
  }
}

/** Every match of a global pattern, as ranges with their match. */
export function matches(text: string, pattern: RegExp): RegExpExecArray[] {
  const found: RegExpExecArray[] = [];
  pattern.lastIndex = 0;
  for (let m = pattern.exec(text); m; m = pattern.exec(text)) {
    found.push(m);
    if (m[0] === '') pattern.lastIndex++;
  }
  return found;
}
