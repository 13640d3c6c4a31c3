import type { Calendar, NoticeClass } from '../domain/index.js';
import {
  DAY_MS,
  HOUR_MS,
  MINUTE_MS,
  clockTimeOf,
  dayOf,
  fractionOf,
  instantOf,
} from '../kernel/index.js';
import type { CapWindow } from '../kernel/index.js';

/** notify.yaml, as far as sending goes by it. */
export interface NotifyPolicy {
  /** No alerts from `from` to `to` (`HH:mm`, across midnight when `from` is later), nor on days off. */
  quiet: { from: string; to: string; nonWorkdays: boolean };
  /** Alerts to one person. */
  caps: { perDay: number; perHour: number };
  /** 暂停推送 */
  paused: { all: boolean; people: readonly string[] };
  /** Alerts, digests only for members of these departments; empty: everybody. */
  pilotDepartments: readonly number[];
}

/** How a class of notices passes the gate (decisions 6, 7, 38). */
export interface Passage {
  /** Waits for the end of the quiet hours. */
  keepsQuiet: boolean;
  /** Counts against the caps of its reader. */
  isCapped: boolean;
  /** Held back by 暂停推送, and outside the pilot departments. */
  isPush: boolean;
}

const ASKED_FOR: Passage = { keepsQuiet: false, isCapped: false, isPush: false };
const PUSH_AT_ITS_HOUR: Passage = { keepsQuiet: false, isCapped: false, isPush: true };

/** Somebody asked for it, or waits for it: through. An alert: only when it fits. */
export const PASSAGES: Readonly<Record<NoticeClass, Passage>> = {
  reply: ASKED_FOR,
  approval: ASKED_FOR,
  'self-reminder': ASKED_FOR,
  admin: ASKED_FOR,
  alert: { keepsQuiet: true, isCapped: true, isPush: true },
  digest: PUSH_AT_ITS_HOUR,
  group: PUSH_AT_ITS_HOUR,
};

/** Alerts of a whole night do not leave in one second, nor on the hour, when WeCom is busiest. */
const SPREAD_FROM_MS = MINUTE_MS;
const SPREAD_MS = 9 * MINUTE_MS;

/**
 * When quiet hours end for `lane`; null when it is not quiet now. A few minutes past the hour, the
 * same for all that wait in one lane, so that they keep their order.
 *
 * @example Friday 21:00 → Monday 08:31–08:40
 */
export function quietUntil(
  now: Date,
  quiet: NotifyPolicy['quiet'],
  calendar: Calendar,
  lane: string,
): Date | null {
  const opensAt = opensAgain(now, quiet, calendar);
  if (!opensAt) return null;
  return new Date(opensAt.getTime() + SPREAD_FROM_MS + fractionOf(lane) * SPREAD_MS);
}

function opensAgain(now: Date, quiet: NotifyPolicy['quiet'], calendar: Calendar): Date | null {
  const today = dayOf(now);
  const time = clockTimeOf(now);
  const isDayOff = quiet.nonWorkdays && !calendar.isWorkday(today);
  if (!isDayOff && !isQuietTime(time, quiet)) return null;
  // Tonight is over tomorrow; the small hours, and quiet hours within a day, are over today.
  const endsToday = !isDayOff && time < quiet.to;
  let day = endsToday ? today : dayOf(new Date(now.getTime() + DAY_MS));
  if (quiet.nonWorkdays) day = calendar.rollForward(day);
  return instantOf(day, quiet.to);
}

function isQuietTime(time: string, { from, to }: NotifyPolicy['quiet']): boolean {
  return from <= to ? time >= from && time < to : time >= from || time < to;
}

/** The windows an alert to `userid` takes a place in. */
export function capWindows(userid: string, caps: NotifyPolicy['caps'], now: Date): CapWindow[] {
  return [
    { key: `alert:${userid}:day`, windowMs: DAY_MS, limit: caps.perDay, label: dayOf(now) },
    { key: `alert:${userid}:hour`, windowMs: HOUR_MS, limit: caps.perHour },
  ];
}
