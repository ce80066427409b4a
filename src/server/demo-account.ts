import { randomBytes } from 'node:crypto';
import type { RequestContext } from '../application/kernel/request-context.ts';
import { tokens } from '../composition/system-tokens.ts';
import type { System } from './open-system.ts';

export type DemoAccount = Readonly<{ email: string; password: string }>;

/** Creates an administrator in an empty development database; undefined where accounts exist. */
export const seedDemo = async ({ get }: System): Promise<DemoAccount | undefined> => {
  if (!(await get(tokens.users).isEmpty())) return undefined;
  const account = {
    email: 'demo@example.com',
    password: `demo-${randomBytes(6).toString('hex')}`,
  };
  const context: RequestContext = {
    correlationId: get(tokens.ids).eventId(),
    actor: 'system',
    client: { ip: '127.0.0.1', userAgent: 'latchkey' },
  };
  const { userId } = await get(tokens.createAccount)(
    { ...account, username: 'demo', displayName: 'Demo', householdName: 'Demo household' },
    'verified',
    context,
  );
  // The audit pages are open to administrators only.
  await get(tokens.changeRole)({ userId, role: 'admin' }, context);
  return account;
};
