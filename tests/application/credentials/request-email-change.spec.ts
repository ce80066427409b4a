import { describe, expect, it } from 'vitest';
import { createRequestEmailChange } from '../../../src/application/credentials/request-email-change.ts';
import {
  ANN,
  ANNA,
  accountWithRequestedChange,
  createEmailServices,
} from '../../support/credentials/email-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { hashOf, mintedToken, PASSWORD } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = createEmailServices();
  await world.signUp('user_ann', ANN, { verification: 'verified' });
  await world.open();
  return world;
};

describe('requesting a change of the address', () => {
  it('stores EmailChangeRequested, and leaves the address as it is', async () => {
    const { requestChange, eventsOfUser, accounts, steps } = await setUp();
    await requestChange('user_ann', ` ${ANNA.toUpperCase()}`);
    expect((await eventsOfUser('user_ann')).slice(2)).toStrictEqual([
      {
        type: 'EmailChangeRequested',
        data: { email: ANNA, token: mintedToken(1, at(86_400)), requestedAt: START },
      },
    ]);
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANN);
    expect(steps).toStrictEqual([]);
  });

  it('answers alike when the new address has an account', async () => {
    const { signUp, requestChange, typesOf } = await setUp();
    await signUp('user_ben', ANNA);
    await requestChange('user_ann', ANNA);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailChangeRequested']);
  });

  it('stores nothing when the new address is the present one', async () => {
    const { requestChange, typesOf } = await setUp();
    await requestChange('user_ann', ANN);
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });
});

describe('requesting a change of the address that is refused', () => {
  it('requires the password, and refuses a malformed address', async () => {
    const { requestChange, typesOf } = await accountWithRequestedChange();
    await expect(requestChange('user_ann', ANNA, 'something else')).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    expect((await typesOf('user_ann')).at(-1)).toBe('SignInFailed');
    await expect(requestChange('user_ann', 'nobody')).rejects.toMatchObject({
      code: 'email_invalid',
    });
  });

  it('requires a password when the sign-in is older than five minutes', async () => {
    const world = await setUp();
    world.clock.advance(301);
    const who = { userId: 'user_ann', sessionId: 'family-1', authTime: Date.parse(START) / 1_000 };
    const request = createRequestEmailChange(world)({ ...who, email: ANNA }, contextFrom());
    await expect(request).rejects.toMatchObject({ code: 'step_up_required' });
    expect(await world.typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('is refused for a session that has ended', async () => {
    const { requestChange, revokeTokenFamily, typesOf } = await setUp();
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(requestChange('user_ann', ANNA)).rejects.toMatchObject({
      code: 'access_token_invalid',
    });
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('is refused after five changes that could still be undone', async () => {
    const { requestChange, useLink, typesOf } = await setUp();
    for (let change = 0; change < 5; change += 1) {
      await requestChange('user_ann', `ann${change}@example.com`);
      // A change takes two tokens: its own, and the one that undoes it.
      await useLink(2 * change + 1);
    }
    await expect(requestChange('user_ann', ANNA)).rejects.toMatchObject({
      name: 'DomainError',
      code: 'too_many_email_changes',
    });
    expect((await typesOf('user_ann')).at(-1)).toBe('EmailChanged');
  });

  it.each([
    [
      'credentials_changed',
      {
        type: 'ChangePassword',
        data: { checkedHash: hashOf(PASSWORD), passwordHash: 'another hash', now: START },
      },
    ],
    ['user_deactivated', { type: 'DeactivateUser', data: { now: START } }],
  ] as const)(
    'is refused when the account changes after its password was verified: %s',
    async (code, command) => {
      const world = await setUp();
      const late = createRequestEmailChange({
        ...world,
        stepUp: async (...asked) => {
          const account = await world.stepUp(...asked);
          await world.give('user_ann', command);
          return account;
        },
      });
      const who = { userId: 'user_ann', sessionId: 'family-1', authTime: 0, password: PASSWORD };
      await expect(late({ ...who, email: ANNA }, contextFrom())).rejects.toMatchObject({
        name: 'DomainError',
        code,
      });
      expect(await world.typesOf('user_ann', 2)).not.toContain('EmailChangeRequested');
    },
  );
});
