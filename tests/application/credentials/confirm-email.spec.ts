import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { ANN, createEmailServices } from '../../support/credentials/email-services.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const invalid = { code: 'token_invalid' };

describe('confirming the address of a pending account', () => {
  it('claims its address and username, and names the user as the actor', async () => {
    const { signUpPending, useLink, typesOf, steps, eventStore, accounts } = createEmailServices();
    await signUpPending('user_ann', ANN, 'ann');
    expect(await useLink(1)).toBe('email_verification');
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerified', 'UsernameChanged']);
    expect(steps).toStrictEqual([`claim email ${ANN}`, 'claim username ann']);
    expect((await accounts.findByIdentifier({ kind: 'email', value: ANN }))?.userId).toBe(
      'user_ann',
    );
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(events.at(-1)?.metadata.actor).toBe('user_ann');
  });

  it('stores EmailVerified and UsernameChanged', async () => {
    const { signUpPending, useLink, eventsOfUser } = createEmailServices();
    await signUpPending('user_ann', ANN, 'ann');
    await useLink(1);
    expect((await eventsOfUser('user_ann')).slice(2)).toStrictEqual([
      { type: 'EmailVerified', data: { email: ANN, verifiedAt: START } },
      { type: 'UsernameChanged', data: { username: 'ann', previous: null, changedAt: START } },
    ]);
  });

  it('does without the username when another account has taken it', async () => {
    const { signUp, signUpPending, useLink, typesOf } = createEmailServices();
    await signUpPending('user_ann', ANN, 'ann');
    await signUp('user_ben', 'ben@example.com', { username: 'ann' });
    await useLink(1);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerified']);
  });

  it('gives the address to the first of several pending accounts that verifies it', async () => {
    const { signUpPending, useLink, typesOf } = createEmailServices();
    await signUpPending('user_eve', ANN);
    await signUpPending('user_ann', ANN);
    await useLink(2);
    await expect(useLink(1)).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    expect(await typesOf('user_eve', 2)).toStrictEqual([]);
  });

  it('accepts a token once', async () => {
    const { signUpPending, useLink, typesOf } = createEmailServices();
    await signUpPending('user_ann', ANN);
    await useLink(1);
    await expect(useLink(1)).rejects.toMatchObject(invalid);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerified']);
  });

  it('releases the claimed identifiers when the token has expired', async () => {
    const { signUpPending, useLink, clock, steps } = createEmailServices();
    await signUpPending('user_ann', ANN, 'ann');
    clock.advance(86_400);
    await expect(useLink(1)).rejects.toMatchObject({ name: 'DomainError', ...invalid });
    expect(steps.at(-1)).toBe(`release email ${ANN},username ann`);
  });
});

describe('confirming the address of an account in use', () => {
  it('claims nothing', async () => {
    const { signUp, requestVerification, useLink, typesOf, steps } = createEmailServices();
    await signUp('user_ann', ANN);
    await requestVerification(ANN);
    await useLink(1);
    expect(await typesOf('user_ann', 2)).toStrictEqual(['EmailVerified']);
    expect(steps).toStrictEqual([]);
  });

  it('is refused with a token that the stream of the user does not know', async () => {
    const { signUp, confirmEmail, typesOf } = createEmailServices();
    await signUp('user_ann', ANN);
    const forged = { userId: 'user_ann', tokenHash: 'hash of otp 9' } as const;
    await expect(
      confirmEmail({ type: 'email_verification', ...forged }, contextFrom()),
    ).rejects.toMatchObject({ name: 'DomainError', ...invalid });
    expect(await typesOf('user_ann')).toStrictEqual([]);
  });
});
