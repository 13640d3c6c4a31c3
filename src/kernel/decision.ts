/**
 * What a rule answers. An expected refusal is a value, told apart by `code` and worded in chat/views;
 * a broken world is thrown as an AppError.
 */
export type Decision<T, R> = { ok: true; value: T } | { ok: false; refusal: R };

export const allow = <T>(value: T): { ok: true; value: T } => ({ ok: true, value });
export const refuse = <R>(refusal: R): { ok: false; refusal: R } => ({ ok: false, refusal });

/** Ends a `switch` over a union: forgetting a member is a compile error. */
export function assertNever(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
