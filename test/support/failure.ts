import { AppError } from '../../src/kernel/index.js';

/** The error an attempt ends with. One that succeeds, or throws what is no AppError, fails the test. */
export async function failure(attempt: Promise<unknown>): Promise<AppError> {
  const error: unknown = await attempt.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof AppError) return error;
  throw new Error('it did not fail with an AppError', { cause: error });
}
