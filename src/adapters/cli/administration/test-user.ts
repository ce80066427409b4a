import { randomBytes } from 'node:crypto';

type Wished = Readonly<{ email?: string; displayName?: string }>;

/** What a test user lacks, made up; nobody owns an address in example.com. */
export const completeTestUser = <Options extends Wished>(
  wished: Options,
): Options & Readonly<{ email: string; displayName: string }> => ({
  ...wished,
  email: wished.email ?? `test-${randomBytes(5).toString('hex')}@example.com`,
  displayName: wished.displayName ?? 'Test User',
});
