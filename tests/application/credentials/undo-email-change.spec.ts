import { describe, expect, it } from 'vitest';
import {
  ANN,
  ANNA,
  accountWithRequestedChange,
  createEmailServices,
} from '../../support/credentials/email-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { mintedToken } from '../../support/identity/account-services.ts';

const invalid = { code: 'token_invalid' };

describe('undoing a change of the address', () => {
  it('restores the old address, ends every session and voids the password, once', async () => {
    const { useLink, accounts, sessions, typesOf } = await accountWithRequestedChange();
    await useLink(1);
    expect(await useLink(2)).toBe('email_change_undo');
    expect(await typesOf('user_ann', 4)).toStrictEqual([
      'EmailChanged',
      'PasswordChanged',
      'PasswordResetRequested',
    ]);
    expect(await accounts.findById('user_ann')).toMatchObject({
      passwordHash: null,
      profile: { email: ANN },
    });
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    await expect(useLink(2)).rejects.toMatchObject(invalid);
  });

  it('stores the change, the void password, a reset for the old address, and the revocation', async () => {
    const { useLink, eventsOfUser, eventsOf } = await accountWithRequestedChange();
    await useLink(1);
    await useLink(2);
    expect((await eventsOfUser('user_ann')).slice(4)).toStrictEqual([
      {
        type: 'EmailChanged',
        data: {
          email: ANN,
          previous: ANNA,
          undo: null,
          undoes: 0,
          previousHeldUntil: null,
          changedAt: START,
        },
      },
      {
        type: 'PasswordChanged',
        data: { passwordHash: null, reason: 'reset', changedAt: START },
      },
      {
        type: 'PasswordResetRequested',
        data: { email: ANN, token: mintedToken(3, at(3_600)), requestedAt: START },
      },
    ]);
    expect((await eventsOf('family-1')).slice(1)).toStrictEqual([
      {
        type: 'TokenFamilyRevoked',
        data: {
          userId: 'user_ann',
          reason: 'password_changed',
          accessTokens: [{ first: 0, last: 0, expiresAt: at(600) }],
          revokedAt: START,
        },
      },
    ]);
  });

  it('is refused a week after the change, and ends no session', async () => {
    const { useLink, clock, sessions, accounts } = await accountWithRequestedChange();
    await useLink(1);
    clock.advance(604_800);
    await expect(useLink(2)).rejects.toMatchObject({ name: 'DomainError', ...invalid });
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANNA);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1']);
  });

  it('is refused once the user has changed back to the old address', async () => {
    const world = createEmailServices();
    await world.signUp('user_ann', ANN, { verification: 'verified' });
    await world.open();
    await world.requestChange('user_ann', ANNA);
    await world.useLink(1);
    await world.requestChange('user_ann', ANN);
    await world.useLink(3);
    await world.signUpPending('user_ben', ANN);
    for (const undo of [2, 4]) await expect(world.useLink(undo)).rejects.toMatchObject(invalid);
    await expect(world.useLink(5)).rejects.toMatchObject(invalid);
    expect((await world.accounts.findById('user_ann'))?.profile.email).toBe(ANN);
    expect((await world.accounts.findById('user_ann'))?.passwordHash).not.toBeNull();
  });

  it('is not offered to an old address that was never verified', async () => {
    const { signUp, open, requestChange, useLink, accounts } = createEmailServices();
    await signUp('user_ann', ANN);
    await open();
    await requestChange('user_ann', ANNA);
    await useLink(1);
    await expect(useLink(2)).rejects.toMatchObject(invalid);
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANNA);
  });
});
