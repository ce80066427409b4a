import { describe, expect, it } from 'vitest';
import { createChangeRole } from '../../../src/application/administration/change-role.ts';
import { createDeactivateUser } from '../../../src/application/administration/deactivate-user.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import {
  administeredAccounts,
  byChief,
} from '../../support/administration/administered-accounts.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';

const lastAdmin = new ApplicationError('last_admin');

const setUp = async () => {
  const services = await administeredAccounts();
  const changeRole = createChangeRole(services);
  const deactivateUser = createDeactivateUser(services);
  return {
    ...services,
    makeAdmin: (userId: string) => changeRole({ userId, role: 'admin' }, byChief),
    deactivate: (userId: string) => deactivateUser(userId, byChief),
  };
};

describe('deactivating a user', () => {
  it('ends the sessions of the user in the same append', async () => {
    const { deactivate, open, sessions, typesOf, revoked } = await setUp();
    await open();
    await deactivate('user_ann');
    expect(await typesOf('user_ann')).toStrictEqual(['UserDeactivated']);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect(revoked.size).toBe(1);
  });

  it('stores UserDeactivated, and TokenFamilyRevoked for the session', async () => {
    const { deactivate, open, eventsOfUser, eventsOf } = await setUp();
    await open();
    await deactivate('user_ann');
    expect((await eventsOfUser('user_ann')).slice(1)).toStrictEqual([
      { type: 'UserDeactivated', data: { deactivatedAt: START } },
    ]);
    expect((await eventsOf('family-1')).slice(1)).toStrictEqual([
      {
        type: 'TokenFamilyRevoked',
        data: {
          userId: 'user_ann',
          reason: 'deactivated',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          revokedAt: START,
        },
      },
    ]);
  });

  it('stores nothing when the account is deactivated already', async () => {
    const { deactivate, typesOf } = await setUp();
    await deactivate('user_ann');
    await deactivate('user_ann');
    expect(await typesOf('user_ann')).toStrictEqual(['UserDeactivated']);
  });

  it('is refused for the last active administrator, whose account stays as it is', async () => {
    const { deactivate, makeAdmin, typesOf } = await setUp();
    await expect(deactivate('user_chief')).rejects.toStrictEqual(lastAdmin);
    expect(await typesOf('user_chief')).toStrictEqual([]);
    await makeAdmin('user_ann');
    await deactivate('user_ann');
    // A deactivated administrator does not count.
    await expect(deactivate('user_chief')).rejects.toStrictEqual(lastAdmin);
  });

  it('is refused for an unknown user', async () => {
    const { deactivate } = await setUp();
    await expect(deactivate('user_gone')).rejects.toMatchObject({ code: 'user_not_found' });
  });
});
