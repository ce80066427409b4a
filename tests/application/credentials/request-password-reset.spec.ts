import { describe, expect, it } from 'vitest';
import {
  ANN,
  createPasswordServices,
  verifiedAccount,
} from '../../support/credentials/password-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { mintedToken } from '../../support/identity/account-services.ts';

describe('requesting a password reset', () => {
  it('mails a link to the account that has the address, in constant time', async () => {
    const { requestReset, typesOf, pauses } = await verifiedAccount();
    await requestReset(` ${ANN.toUpperCase()}`);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['PasswordResetRequested']);
    expect(pauses).toStrictEqual([100]);
  });

  it('stores PasswordResetRequested with a token that lives for an hour', async () => {
    const { requestReset, eventsOfUser } = await verifiedAccount();
    await requestReset(ANN);
    expect((await eventsOfUser('user_ann')).slice(2)).toStrictEqual([
      {
        type: 'PasswordResetRequested',
        data: { email: ANN, token: mintedToken(1, at(3_600)), requestedAt: START },
      },
    ]);
  });

  it('mails a link to the youngest account whose verification of the address is pending', async () => {
    const { signUp, requestReset, typesOf } = createPasswordServices();
    await signUp('user_old', ANN, { pending: true });
    await signUp('user_new', ANN, { pending: true });
    await requestReset(ANN);
    expect([await typesOf('user_old'), await typesOf('user_new')]).toStrictEqual([
      [],
      ['PasswordResetRequested'],
    ]);
  });

  it('mails a link to a guest whose upgrade with the address is pending', async () => {
    const { signUp, give, clock, oneTimeTokens, requestReset, typesOf } = createPasswordServices();
    await signUp('user_gus', null, { passwordHash: null, tier: 'anonymous' });
    const now = clock.now();
    const token = oneTimeTokens.issue('email_verification', now);
    const wish = { email: ANN, username: null, displayName: 'Gus', passwordHash: 'a hash' };
    await give('user_gus', { type: 'RequestGuestUpgrade', data: { ...wish, token, now } });
    await requestReset(ANN);
    expect((await typesOf('user_gus')).at(-1)).toBe('PasswordResetRequested');
  });

  it('mails nothing, in the same time, when no account has the address', async () => {
    const { requestReset, allEvents, pauses } = createPasswordServices();
    await requestReset('nobody@example.com');
    expect([await allEvents(), pauses]).toStrictEqual([[], [100]]);
  });

  it('mails nothing, in the same time, to a deactivated account', async () => {
    const { requestReset, give, typesOf, pauses } = await verifiedAccount();
    await give('user_ann', { type: 'DeactivateUser', data: { now: START } });
    await requestReset(ANN);
    expect(await typesOf('user_ann', 3)).toStrictEqual([]);
    expect(pauses).toStrictEqual([100]);
  });

  it('refuses a malformed address', () =>
    expect(() => createPasswordServices().requestReset('nobody')).toThrow(
      expect.objectContaining({ code: 'email_invalid' }),
    ));
});
