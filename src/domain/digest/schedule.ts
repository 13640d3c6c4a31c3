import { MINUTE_MS, dayOf, fractionOf, instantOf } from '../../kernel/index.js';
import type { Day } from '../../kernel/index.js';
import type { Calendar } from '../calendar/index.js';

/** When digests go out, as digest.yaml says. */
export interface DigestHours {
  /** `HH:mm`; each reader's own minute lies 3 to 27 later. */
  at: string;
  /** `HH:mm`; later than that, the day's digest merges into the next. */
  until: string;
}

/** Away from the full and half hours, where everybody else's jobs crowd WeCom. */
const FIRST_MINUTE = 3;
const LAST_MINUTE = 27;

/**
 * What happened in the last minute before a digest goes into the next one: by then every instance has
 * saved it, whatever their clocks say.
 */
const CUT_OFF_MS = MINUTE_MS;

/** When a reader's digest of `on` is due: fixed per reader, by a hash. */
export function digestDueAt(reader: string, on: Day, hours: DigestHours): Date {
  const span = LAST_MINUTE - FIRST_MINUTE + 1;
  const minute = FIRST_MINUTE + Math.floor(fractionOf(`digest:${reader}`) * span);
  return new Date(instantOf(on, hours.at).getTime() + minute * MINUTE_MS);
}

/** Up to when a digest tells; computed, not observed, so that two instances tell the same. */
export function digestCutOff(dueAt: Date): Date {
  return new Date(dueAt.getTime() - CUT_OFF_MS);
}

/** Whether a reader's digest of today may go now: a working day, its minute reached, not yet too late. */
export function isDigestTime(
  reader: string,
  now: Date,
  hours: DigestHours,
  calendar: Calendar,
): boolean {
  const on = dayOf(now);
  return (
    calendar.isWorkday(on) &&
    now >= digestDueAt(reader, on, hours) &&
    now <= instantOf(on, hours.until)
  );
}

/**
 * When a reader's next digest is due, `lastOn` being the day of the one they had.
 * One whose minute has passed today is due now.
 */
export function nextDigestAt(
  reader: string,
  lastOn: Day | null,
  now: Date,
  hours: DigestHours,
  calendar: Calendar,
): Date {
  const today = dayOf(now);
  const isOpen =
    calendar.isWorkday(today) && lastOn !== today && now <= instantOf(today, hours.until);
  const due = digestDueAt(reader, isOpen ? today : calendar.nextWorkday(today), hours);
  return due > now ? due : now;
}
