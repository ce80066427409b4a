/** The message is one sentence for the person who started Latchkey. */
export class ManagedPostgresError extends Error {
  override readonly name = 'ManagedPostgresError';
}

export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error &&
  'code' in error &&
  typeof error.code === 'string' &&
  codes.includes(error.code);
