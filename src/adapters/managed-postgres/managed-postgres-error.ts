/** A failure of the managed PostgreSQL; the message is one sentence for the operator. */
export class ManagedPostgresError extends Error {
  override readonly name = 'ManagedPostgresError';
}

/** Whether `error` is a system error with one of these codes. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  codes.includes(error.code);
