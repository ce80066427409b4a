import { describe, expect, it } from 'vitest';
import { createStepUp } from '../../../src/application/credentials/step-up.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { client } from '../../support/events/user-fixtures.ts';
import {
  createAccountServices,
  hashOf,
  PASSWORD,
} from '../../support/identity/account-services.ts';
import { ann, contextFrom, policy } from '../../support/sessions/session-services.ts';

const SIGNED_IN = Date.parse(START) / 1_000;
const refusal = (code: ConstructorParameters<typeof ApplicationError>[0]) =>
  new ApplicationError(code);

type World = Readonly<{
  passwordHash?: string | null;
  /** What others do to the account while the password is verified. */
  meanwhile?: readonly UserCommand[];
}>;

const setUp = async ({ passwordHash = hashOf(PASSWORD), meanwhile = [] }: World = {}) => {
  const services = createAccountServices();
  await services.signUp('user_ann', 'ann@example.com', { passwordHash });
  await services.open();
  const stepUpFrom = createStepUp({
    ...services,
    policy,
    passwords: {
      ...services.passwords,
      verify: async (hash, password) => {
        for (const command of meanwhile) await services.give('user_ann', command);
        return services.passwords.verify(hash, password);
      },
    },
  });
  const stepUp = (password?: string, userId = 'user_ann', sessionId = 'family-1') =>
    stepUpFrom({ userId, sessionId, authTime: SIGNED_IN, password }, contextFrom());
  return { ...services, stepUp };
};

describe('stepping up with the right password', () => {
  it('answers the account and the hash that the password was verified against', async () => {
    const { stepUp, typesOf, pauses } = await setUp();
    expect(await stepUp(PASSWORD)).toMatchObject({
      userId: 'user_ann',
      passwordHash: hashOf(PASSWORD),
    });
    expect([await typesOf('user_ann'), pauses]).toStrictEqual([[], []]);
  });

  it('is refused while the account is locked, in the same time, and counts no failure', async () => {
    const { stepUp, give, clock, typesOf, pauses } = await setUp();
    const policy = { maxFailures: 1, windowSeconds: 60, lockSeconds: 60 };
    const data = { checkedHash: hashOf(PASSWORD), client, policy, now: clock.now() };
    await give('user_ann', { type: 'RecordSignInFailure', data });
    await expect(stepUp(PASSWORD)).rejects.toStrictEqual(refusal('invalid_credentials'));
    expect(pauses).toStrictEqual([100]);
    expect(await typesOf('user_ann')).toStrictEqual(['SignInFailed', 'UserLocked']);
    clock.advance(60);
    expect(await stepUp(PASSWORD)).toMatchObject({ passwordHash: hashOf(PASSWORD) });
  });
});

describe('stepping up with a wrong password', () => {
  it('stores SignInFailed, and is refused in constant time', async () => {
    const { stepUp, eventsOfUser, pauses } = await setUp();
    await expect(stepUp('something else')).rejects.toStrictEqual(refusal('invalid_credentials'));
    expect((await eventsOfUser('user_ann')).at(-1)).toStrictEqual({
      type: 'SignInFailed',
      data: { client, failedAt: START },
    });
    expect(pauses).toStrictEqual([100]);
  });

  it('locks the account after ten attempts', async () => {
    const { stepUp, typesOf } = await setUp();
    for (let attempt = 0; attempt < 10; attempt += 1) {
      await expect(stepUp('something else')).rejects.toStrictEqual(refusal('invalid_credentials'));
    }
    expect((await typesOf('user_ann')).at(-1)).toBe('UserLocked');
    await expect(stepUp(PASSWORD)).rejects.toStrictEqual(refusal('invalid_credentials'));
  });

  it('is refused however recent the sign-in is', async () => {
    const { stepUp } = await setUp();
    await expect(stepUp('')).rejects.toStrictEqual(refusal('invalid_credentials'));
  });

  it('counts no failure for an account without a password', async () => {
    const { stepUp, typesOf } = await setUp({ passwordHash: null });
    await expect(stepUp(PASSWORD)).rejects.toStrictEqual(refusal('invalid_credentials'));
    expect(await typesOf('user_ann')).toStrictEqual([]);
  });
});

describe('stepping up while the account changes', () => {
  it.each<[string, UserCommand]>([
    [
      'it is locked',
      {
        type: 'RecordSignInFailure',
        data: {
          checkedHash: hashOf(PASSWORD),
          client,
          policy: { maxFailures: 1, windowSeconds: 60, lockSeconds: 60 },
          now: START,
        },
      },
    ],
    [
      'it has another password',
      {
        type: 'ChangePassword',
        data: { checkedHash: hashOf(PASSWORD), passwordHash: 'another hash', now: START },
      },
    ],
  ])('refuses the right password like a wrong one: %s', async (_, command) => {
    const { stepUp, pauses } = await setUp({ meanwhile: [command] });
    await expect(stepUp(PASSWORD)).rejects.toStrictEqual(refusal('invalid_credentials'));
    expect(pauses).toStrictEqual([100]);
  });
});

describe('stepping up from a session that has ended', () => {
  it.each([PASSWORD, undefined])('refuses the access token: %s', async (password) => {
    const { stepUp, open, revokeTokenFamily } = await setUp();
    await open();
    await open({ ...ann, userId: 'user_ben' });
    await revokeTokenFamily('family-1', 'admin', contextFrom());
    const invalid = refusal('access_token_invalid');
    await expect(stepUp(password)).rejects.toStrictEqual(invalid);
    await expect(stepUp(password, 'user_ann', 'family-3')).rejects.toStrictEqual(invalid);
    expect(await stepUp(password, 'user_ann', 'family-2')).toMatchObject({ userId: 'user_ann' });
  });
});

describe('stepping up without a password', () => {
  it('accepts a sign-in of five minutes ago', async () => {
    const { stepUp, clock } = await setUp();
    clock.advance(300);
    expect(await stepUp()).toMatchObject({ userId: 'user_ann', passwordHash: hashOf(PASSWORD) });
  });

  it('requires the password after five minutes', async () => {
    const { stepUp, clock } = await setUp();
    clock.advance(300.001);
    await expect(stepUp()).rejects.toStrictEqual(refusal('step_up_required'));
  });
});

describe('stepping up with an account that is deactivated or gone', () => {
  it.each([PASSWORD, undefined])('refuses the access token: %s', async (password) => {
    const { stepUp, give, clock } = await setUp();
    await give('user_ann', { type: 'DeactivateUser', data: { now: clock.now() } });
    const invalid = refusal('access_token_invalid');
    await expect(stepUp(password)).rejects.toStrictEqual(invalid);
    await expect(stepUp(password, 'user_ben')).rejects.toStrictEqual(invalid);
  });
});
