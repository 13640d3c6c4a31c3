/** Counts what happened per key within the last `windowMs`, by the emulated clock. */
class SlidingWindow {
  readonly #seen = new Map<string, number[]>();

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  isFull(key: string, now: Date): boolean {
    return this.recent(key, now).length >= this.limit;
  }

  /** Notes `count` more; call it only after isFull said no. */
  add(key: string, now: Date, count = 1): void {
    const recent = this.recent(key, now);
    for (let i = 0; i < count; i++) recent.push(now.getTime());
  }

  private recent(key: string, now: Date): number[] {
    const since = now.getTime() - this.windowMs;
    const kept = (this.#seen.get(key) ?? []).filter((at) => at > since);
    this.#seen.set(key, kept);
    return kept;
  }
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The frequency limits of sections 4, 6, 7 and 9.1. They reset when the emulator restarts. */
export class Limits {
  readonly #memberMinute = new SlidingWindow(30, MINUTE_MS);
  readonly #memberHour = new SlidingWindow(1000, HOUR_MS);
  readonly #groupMemberMinute = new SlidingWindow(200, MINUTE_MS);
  readonly #groupMemberDay = new SlidingWindow(10_000, DAY_MS);
  readonly #appchatMinute = new SlidingWindow(20_000, MINUTE_MS);
  readonly #webhookMinute = new SlidingWindow(20, MINUTE_MS);
  readonly #groupsCreated = new SlidingWindow(1000, DAY_MS);
  readonly #groupsChanged = new SlidingWindow(1000, HOUR_MS);

  /** App → one member: 30 a minute, 1,000 an hour. The excess vanishes without an error. */
  admitMessage(userid: string, now: Date): boolean {
    return admitAll([this.#memberMinute, this.#memberHour], userid, now);
  }

  /** Group messages of one app → one member: 200 a minute, 10,000 a day; the excess vanishes. */
  admitGroupMessage(userid: string, now: Date): boolean {
    return admitAll([this.#groupMemberMinute, this.#groupMemberDay], userid, now);
  }

  /** appchat/send: 20,000 person-times a minute for the company. */
  admitAppchatSend(persons: number, now: Date): boolean {
    if (this.#appchatMinute.isFull('corp', now)) return false;
    this.#appchatMinute.add('corp', now, persons);
    return true;
  }

  /** 20 messages a minute per webhook. */
  admitWebhook(key: string, now: Date): boolean {
    return admitAll([this.#webhookMinute], key, now);
  }

  admitGroupCreation(now: Date): boolean {
    return admitAll([this.#groupsCreated], 'corp', now);
  }

  admitGroupChange(now: Date): boolean {
    return admitAll([this.#groupsChanged], 'corp', now);
  }
}

function admitAll(windows: readonly SlidingWindow[], key: string, now: Date): boolean {
  if (windows.some((window) => window.isFull(key, now))) return false;
  for (const window of windows) window.add(key, now);
  return true;
}
