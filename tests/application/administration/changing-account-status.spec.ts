import { describe, expect, it } from 'vitest';
import { createChangeRole } from '../../../src/application/administration/change-role.ts';
import { createChangeTier } from '../../../src/application/administration/change-tier.ts';
import { createDeactivateUser } from '../../../src/application/administration/deactivate-user.ts';
import { createKeepAnAdmin } from '../../../src/application/administration/keep-an-admin.ts';
import { createReactivateUser } from '../../../src/application/administration/reactivate-user.ts';
import { createUnlockUser } from '../../../src/application/administration/unlock-user.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { client, lockout } from '../../support/events/user-fixtures.ts';
import {
  createAccountServices,
  hashOf,
  PASSWORD,
} from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const lastAdmin = new ApplicationError('last_admin');

const setUp = async () => {
  const services = createAccountServices();
  await services.signUp('user_ann', 'ann@example.com');
  await services.signUp('user_chief', 'chief@example.com', { role: 'admin' });
  const entered: string[] = [];
  const keepAnAdmin = createKeepAnAdmin({
    ...services,
    exclusively: (name, work) => {
      entered.push(name);
      return work();
    },
  });
  const guarded = { ...services, keepAnAdmin };
  const changeRole = createChangeRole(guarded);
  const changeTier = createChangeTier(services);
  const deactivateUser = createDeactivateUser(guarded);
  const reactivateUser = createReactivateUser(services);
  const unlockUser = createUnlockUser(services);
  const by = { ...contextFrom(), actor: 'user_chief' };
  return {
    ...services,
    entered,
    changeRole: (userId: string, role: 'user' | 'admin') => changeRole({ userId, role }, by),
    changeTier: (userId: string) => changeTier({ userId, tier: 'member' }, by),
    deactivate: (userId: string) => deactivateUser(userId, by),
    reactivate: (userId: string) => reactivateUser(userId, by),
    unlock: (userId: string) => unlockUser(userId, by),
  };
};

describe('when a role is changed', () => {
  it('makes an administrator, put down to who did it', async () => {
    const { changeRole, accounts, eventStore, entered } = await setUp();
    await changeRole('user_ann', 'admin');
    expect(await accounts.findById('user_ann')).toMatchObject({ role: 'admin' });
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)?.metadata.actor).toBe('user_chief');
    expect(entered).toStrictEqual([]);
  });

  it('takes the role away, one at a time, while another one is left', async () => {
    const { changeRole, accounts, entered } = await setUp();
    await changeRole('user_ann', 'admin');
    await changeRole('user_chief', 'user');
    expect(await accounts.findById('user_chief')).toMatchObject({ role: 'user' });
    expect(entered).toStrictEqual(['administrators']);
    await expect(changeRole('user_ann', 'user')).rejects.toStrictEqual(lastAdmin);
  });
});

describe('when an account is deactivated', () => {
  it('ends its sessions along with it', async () => {
    const { deactivate, open, sessions, typesOf, revoked } = await setUp();
    await open();
    await deactivate('user_ann');
    expect(await typesOf('user_ann')).toStrictEqual(['UserDeactivated']);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect(revoked.size).toBe(1);
  });

  it('is refused for the last administrator, who goes on', async () => {
    const { deactivate, changeRole, typesOf } = await setUp();
    await expect(deactivate('user_chief')).rejects.toStrictEqual(lastAdmin);
    expect(await typesOf('user_chief')).toStrictEqual([]);
    await changeRole('user_ann', 'admin');
    await deactivate('user_ann');
    // A deactivated administrator does not count.
    await expect(deactivate('user_chief')).rejects.toStrictEqual(lastAdmin);
  });

  it('comes back, without the sessions it had', async () => {
    const { deactivate, reactivate, open, sessions, accounts } = await setUp();
    await open();
    await deactivate('user_ann');
    await reactivate('user_ann');
    expect(await accounts.findById('user_ann')).toMatchObject({ active: true });
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
  });
});

describe('when a tier is changed or a lock is lifted', () => {
  it('has the tier', async () => {
    const { changeTier, accounts } = await setUp();
    await changeTier('user_ann');
    expect(await accounts.findById('user_ann')).toMatchObject({ tier: 'member' });
  });

  it('is open again', async () => {
    const { unlock, give, clock, accounts, typesOf } = await setUp();
    const policy = { ...lockout, maxFailures: 1 };
    const data = { checkedHash: hashOf(PASSWORD), client, policy, now: clock.now() };
    await give('user_ann', { type: 'RecordSignInFailure', data });
    await unlock('user_ann');
    await unlock('user_ann');
    expect(await accounts.findById('user_ann')).toMatchObject({ lockedUntil: null });
    expect(await typesOf('user_ann')).toStrictEqual(['SignInFailed', 'UserLocked', 'UserUnlocked']);
  });
});

describe('when there is no such account', () => {
  it('refuses every change', async () => {
    const { changeRole, changeTier, deactivate, reactivate, unlock } = await setUp();
    for (const change of [changeTier, deactivate, reactivate, unlock]) {
      await expect(change('user_gone')).rejects.toMatchObject({ code: 'user_not_found' });
    }
    for (const role of ['user', 'admin'] as const) {
      await expect(changeRole('user_gone', role)).rejects.toMatchObject({ code: 'user_not_found' });
    }
  });
});
