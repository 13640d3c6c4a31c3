/**
 * A process that dies at a chosen moment: every call its ports make is counted, and the `dieAt`th is
 * its last. From then on nothing it awaits ever comes back, as after `kill -9`.
 */
export class Mortal {
  #calls = 0;
  #diedIn: string | null = null;
  readonly #death = new Set<() => void>();

  /**
   * @param dieAt the call it dies in, counted from 1; beyond the last it lives
   * @param moment whether the database saw that call
   */
  constructor(
    private readonly dieAt: number,
    private readonly moment: 'before' | 'after',
  ) {}

  /** Which call it died in; null while it lives. */
  get diedIn(): string | null {
    return this.#diedIn;
  }

  /** Resolves when it has died. */
  get death(): Promise<void> {
    if (this.#diedIn !== null) return Promise.resolve();
    return new Promise((resolve) => this.#death.add(resolve));
  }

  /** The port as this process sees it. */
  port<T extends object>(name: string, real: T): T {
    return new Proxy(real, {
      get: (target, property) => {
        const method: unknown = Reflect.get(target, property, target);
        if (typeof method !== 'function') return method;
        return (...args: unknown[]) =>
          this.#call(
            `${name}.${String(property)}`,
            () => Reflect.apply(method, target, args) as Promise<unknown>,
          );
      },
    });
  }

  async #call(step: string, run: () => Promise<unknown>): Promise<unknown> {
    if (this.#diedIn !== null) return forever();
    if (++this.#calls !== this.dieAt) {
      const result = await run();
      return this.#diedIn === null ? result : forever();
    }
    if (this.moment === 'after') await run();
    this.#diedIn = step;
    for (const tell of this.#death) tell();
    return forever();
  }
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}
