import { describe, expect, it } from 'vitest';
import { createChangeRole } from '../../../src/application/administration/change-role.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import {
  administeredAccounts,
  byChief,
} from '../../support/administration/administered-accounts.ts';
import { START } from '../../support/events/token-family-fixtures.ts';

const setUp = async () => {
  const services = await administeredAccounts();
  const changeRole = createChangeRole(services);
  return {
    ...services,
    changeRole: (userId: string, role: 'user' | 'admin') => changeRole({ userId, role }, byChief),
  };
};

describe('changing the role of a user', () => {
  it('makes a user an administrator, and names the administrator who did it', async () => {
    const { changeRole, accounts, eventStore, entered } = await setUp();
    await changeRole('user_ann', 'admin');
    expect(await accounts.findById('user_ann')).toMatchObject({ role: 'admin' });
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)?.metadata.actor).toBe('user_chief');
    expect(entered).toStrictEqual([]);
  });

  it('stores RoleChanged once, however often the same role is given', async () => {
    const { changeRole, eventsOfUser } = await setUp();
    await changeRole('user_ann', 'admin');
    await changeRole('user_ann', 'admin');
    expect((await eventsOfUser('user_ann')).slice(1)).toStrictEqual([
      { type: 'RoleChanged', data: { role: 'admin', previous: 'user', changedAt: START } },
    ]);
  });

  it('takes the role of an administrator away in an exclusive section, but not of the last', async () => {
    const { changeRole, accounts, entered } = await setUp();
    await changeRole('user_ann', 'admin');
    await changeRole('user_chief', 'user');
    expect(await accounts.findById('user_chief')).toMatchObject({ role: 'user' });
    expect(entered).toStrictEqual(['administrators']);
    await expect(changeRole('user_ann', 'user')).rejects.toStrictEqual(
      new ApplicationError('last_admin'),
    );
  });

  it('refuses to make a guest or a pending account an administrator', async () => {
    const { changeRole, signUp, typesOf } = await setUp();
    await signUp('user_gus', null, { passwordHash: null, tier: 'anonymous' });
    await signUp('user_pat', 'pat@example.com', { pending: true });
    for (const userId of ['user_gus', 'user_pat']) {
      await expect(changeRole(userId, 'admin')).rejects.toMatchObject({
        code: 'account_incomplete',
      });
      expect(await typesOf(userId)).toStrictEqual([]);
    }
  });

  it('is refused for an unknown user', async () => {
    const { changeRole } = await setUp();
    for (const role of ['user', 'admin'] as const) {
      await expect(changeRole('user_gone', role)).rejects.toMatchObject({ code: 'user_not_found' });
    }
  });
});
