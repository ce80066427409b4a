import { describe, expect, it } from 'vitest';
import { createRequireAdmin } from '../../../src/application/administration/require-admin.ts';
import type { Account } from '../../../src/application/identity/account-directory.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { accountOf } from '../../support/events/recorded-events.ts';
import { createAccountServices } from '../../support/identity/account-services.ts';

const requireOf = (account: Account | undefined) => {
  const { accounts } = createAccountServices();
  const requireAdmin = createRequireAdmin({
    accounts: { ...accounts, findById: async () => account },
  });
  return requireAdmin('user_ann');
};

describe('requiring an administrator', () => {
  it('accepts an active administrator', async () =>
    expect(await requireOf(accountOf({ role: 'admin' }))).toBeUndefined());

  it.each<[string, Account | undefined]>([
    ['a user who is not an administrator', accountOf()],
    ['a deactivated administrator', accountOf({ role: 'admin', active: false })],
    ['a user who does not exist any more', undefined],
  ])('refuses %s', async (_, account) => {
    await expect(requireOf(account)).rejects.toStrictEqual(new ApplicationError('admin_required'));
  });

  it('refuses an administrator from the moment the role is taken away', async () => {
    const { accounts, signUp, give, clock } = createAccountServices();
    await signUp('user_ann', 'ann@example.com', { role: 'admin' });
    const requireAdmin = createRequireAdmin({ accounts });
    expect(await requireAdmin('user_ann')).toBeUndefined();
    const data = { role: 'user', now: clock.now() } as const;
    await give('user_ann', { type: 'ChangeRole', data });
    await expect(requireAdmin('user_ann')).rejects.toStrictEqual(
      new ApplicationError('admin_required'),
    );
  });
});
