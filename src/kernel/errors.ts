export interface AppErrorOptions {
  /** Stable and greppable, e.g. `wecom.60020`. */
  code: string;
  /** For the operator: what to do about it. */
  hint?: string;
  /** Whether the same call may work later. */
  retryable?: boolean;
  cause?: unknown;
  /** Facts worth logging. Never a secret, a token or a phone number. */
  details?: Record<string, unknown>;
}

/** A broken world: thrown, caught at one of four boundaries (web, bot, job, delivery), logged once. */
export class AppError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly details: Record<string, unknown>;

  constructor(message: string, options: AppErrorOptions) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = options.code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}

/** Whether trying again may help. What we do not recognise is taken as passing trouble. */
export function isRetryable(error: unknown): boolean {
  return error instanceof AppError ? error.retryable : true;
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
