import { describe, expect, it } from 'vitest';
import { createEraseAccount } from '../../../src/application/erasure/erase-account.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { createErasureServices } from '../../support/erasure/erasure-services.ts';
import { CAT } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { PASSWORD } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const AUTH_TIME = Date.parse(START) / 1_000;
const GUEST = 'user_guest';

const setUp = async (userId = CAT) => {
  const world = await createErasureServices();
  await world.signUp(GUEST, null, { passwordHash: null, tier: 'anonymous' });
  await world.openIn(userId);
  const eraseAccount = createEraseAccount(world);
  return {
    ...world,
    erase: (password?: string) =>
      eraseAccount({ userId, sessionId: 'family-1', authTime: AUTH_TIME, password }, contextFrom()),
  };
};

const erased = [{ type: 'UserErased', data: { erasedAt: START } }];

describe('erasing the own account of a user', () => {
  it('erases the account with the password', async () => {
    const { erase, eventsOfUser, sessions } = await setUp();
    await erase(PASSWORD);
    expect((await eventsOfUser(CAT)).slice(2)).toStrictEqual(erased);
    expect(await sessions.unrevokedFamilyIds(CAT)).toStrictEqual([]);
  });

  it('erases the account with a sign-in of the last five minutes', async () => {
    const { erase, eventsOfUser } = await setUp();
    await erase();
    expect((await eventsOfUser(CAT)).slice(2)).toStrictEqual(erased);
  });

  it('requires the password when the sign-in is older than five minutes', async () => {
    const { erase, clock, typesOf } = await setUp();
    clock.advance(301);
    await expect(erase()).rejects.toStrictEqual(new ApplicationError('step_up_required'));
    expect(await typesOf(CAT, 2)).toStrictEqual([]);
  });

  it('is refused with a wrong password', async () => {
    const { erase, typesOf } = await setUp();
    await expect(erase('something else')).rejects.toStrictEqual(
      new ApplicationError('invalid_credentials'),
    );
    expect(await typesOf(CAT, 2)).toStrictEqual(['SignInFailed']);
  });

  it('is refused for a session that has ended', async () => {
    const { erase, revokeTokenFamily, typesOf } = await setUp();
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(erase(PASSWORD)).rejects.toStrictEqual(
      new ApplicationError('access_token_invalid'),
    );
    expect(await typesOf(CAT, 2)).toStrictEqual([]);
  });

  it('is refused when the password is changed after it was verified', async () => {
    const world = await setUp();
    const eraseAccount = createEraseAccount({
      ...world,
      stepUp: async (...asked) => {
        const account = await world.stepUp(...asked);
        const { passwordHash: checkedHash } = account;
        const data = { checkedHash, passwordHash: 'another hash', now: START };
        await world.give(CAT, { type: 'ChangePassword', data });
        return account;
      },
    });
    const who = { userId: CAT, sessionId: 'family-1', authTime: AUTH_TIME, password: PASSWORD };
    await expect(eraseAccount(who, contextFrom())).rejects.toMatchObject({
      name: 'DomainError',
      code: 'credentials_changed',
    });
    expect(await world.typesOf(CAT, 2)).toStrictEqual(['PasswordChanged']);
  });
});

describe('erasing the own account of a guest', () => {
  it('requires the session only, however old it is', async () => {
    const { erase, clock, eventsOfUser } = await setUp(GUEST);
    clock.advance(86_399);
    await erase();
    expect((await eventsOfUser(GUEST)).slice(1)).toMatchObject([{ type: 'UserErased' }]);
  });

  it('is refused for a session that has ended', async () => {
    const { erase, revokeTokenFamily, typesOf } = await setUp(GUEST);
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(erase()).rejects.toStrictEqual(new ApplicationError('access_token_invalid'));
    expect(await typesOf(GUEST)).toStrictEqual([]);
  });
});
