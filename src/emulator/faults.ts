/** A way in which a network or WeCom fails. */
export type Fault =
  /** The answer comes `ms` of real time late. */
  | { kind: 'slow'; ms: number }
  /** An HTTP status instead of an answer. */
  | { kind: 'http'; status: number; when?: When }
  /** The request is answered with this errcode. */
  | { kind: 'errcode'; errcode: number; errmsg?: string; when?: When }
  /** The connection is cut; `after` means the request took effect and only the answer is lost. */
  | { kind: 'cut'; when?: When }
  /** The answer is not JSON. */
  | { kind: 'wrong-json'; when?: When };

/** Whether the request takes effect before the fault shows; default `before`: it does not. */
type When = 'before' | 'after';

export interface FaultScope {
  /** e.g. `message/send`; every API when absent. */
  endpoint?: string;
  /** How many requests it hits before it is over; every one when absent. */
  times?: number;
}

interface ActiveFault {
  fault: Fault;
  endpoint: string | undefined;
  left: number;
}

/** Failures switched on for a while, so that tests and demos can watch the client cope. */
export class Faults {
  #active: ActiveFault[] = [];
  #outage = false;

  /** @returns a function that switches this fault off again. */
  add(fault: Fault, scope: FaultScope = {}): () => void {
    const active = { fault, endpoint: scope.endpoint, left: scope.times ?? Infinity };
    this.#active.push(active);
    return () => {
      this.#active = this.#active.filter((other) => other !== active);
    };
  }

  /** While it lasts every connection is cut before anything happens. */
  outage(on: boolean): void {
    this.#outage = on;
  }

  get isOutage(): boolean {
    return this.#outage;
  }

  clear(): void {
    this.#active = [];
    this.#outage = false;
  }

  /** The faults that hit this request; each of them is used up by one. */
  take(endpoint: string): Fault[] {
    if (this.#outage) return [{ kind: 'cut', when: 'before' }];
    const hits = this.#active.filter(
      (active) => active.left > 0 && (active.endpoint ?? endpoint) === endpoint,
    );
    for (const hit of hits) hit.left -= 1;
    this.#active = this.#active.filter((active) => active.left > 0);
    return hits.map((hit) => hit.fault);
  }
}
