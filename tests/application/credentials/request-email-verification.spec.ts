import { describe, expect, it } from 'vitest';
import { ANN, createEmailServices } from '../../support/credentials/email-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { mintedToken } from '../../support/identity/account-services.ts';

describe('requesting the verification of an address', () => {
  it('mails a link to the pending account, in constant time, and voids the link before', async () => {
    const { signUpPending, requestVerification, typesOf, pauses, useLink } = createEmailServices();
    await signUpPending('user_ann', ANN);
    await requestVerification(` ${ANN.toUpperCase()} `);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerificationRequested']);
    expect(pauses).toStrictEqual([100]);
    await expect(useLink(1)).rejects.toMatchObject({ code: 'token_invalid' });
    expect(await useLink(2)).toBe('email_verification');
  });

  it('stores EmailVerificationRequested for an account that uses the unverified address', async () => {
    const { signUp, requestVerification, eventsOfUser } = createEmailServices();
    await signUp('user_ann', ANN);
    await requestVerification(ANN);
    expect((await eventsOfUser('user_ann')).slice(1)).toStrictEqual([
      {
        type: 'EmailVerificationRequested',
        data: { email: ANN, token: mintedToken(1, at(86_400)), requestedAt: START },
      },
    ]);
  });

  it('lets the reader of the mail choose the password when several accounts are pending', async () => {
    const { signUpPending, requestVerification, typesOf } = createEmailServices();
    await signUpPending('user_ann', ANN);
    await signUpPending('user_eve', ANN);
    await requestVerification(ANN);
    expect(await typesOf('user_eve', 2)).toStrictEqual(['PasswordResetRequested']);
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('mails nothing, in the same time, for a verified or an unknown address', async () => {
    const { signUp, requestVerification, typesOf, pauses } = createEmailServices();
    await signUp('user_ann', ANN, { verification: 'verified' });
    await requestVerification(ANN);
    await requestVerification('nobody@example.com');
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
    expect(pauses).toStrictEqual([100, 100]);
  });

  it('refuses a malformed address', () =>
    expect(() => createEmailServices().requestVerification('nobody')).toThrow(
      expect.objectContaining({ code: 'email_invalid' }),
    ));
});
