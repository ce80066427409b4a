import { randomBytes } from 'node:crypto';

type Wished = Readonly<{ email?: string; displayName?: string }>;

/** Generates what a test user lacks; mail to example.com reaches no real mailbox. */
export const completeTestUser = <Options extends Wished>(
  wished: Options,
): Options & Readonly<{ email: string; displayName: string }> => ({
  ...wished,
  email: wished.email ?? `test-${randomBytes(5).toString('hex')}@example.com`,
  displayName: wished.displayName ?? 'Test User',
});
