import { describe, expect, it } from 'vitest';
import { createConfirmEmailChange } from '../../../src/application/credentials/confirm-email-change.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import {
  ANN,
  ANNA,
  accountWithRequestedChange,
  createEmailServices,
} from '../../support/credentials/email-services.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { mintedToken } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

describe('confirming a change of the address', () => {
  it('takes effect with the link that was mailed to the new address', async () => {
    const { useLink, accounts, steps } = await accountWithRequestedChange();
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANN);
    expect(await useLink(1)).toBe('email_change');
    expect((await accounts.findById('user_ann'))?.profile.email).toBe(ANNA);
    expect(steps).toStrictEqual([`claim email ${ANNA}`]);
  });

  it('stores EmailChanged with a token that undoes the change for a week', async () => {
    const { useLink, eventsOfUser } = await accountWithRequestedChange();
    await useLink(1);
    expect((await eventsOfUser('user_ann')).slice(3)).toStrictEqual([
      {
        type: 'EmailChanged',
        data: {
          email: ANNA,
          previous: ANN,
          undo: { number: 0, token: mintedToken(2, at(604_800)) },
          undoes: null,
          previousHeldUntil: at(604_800),
          changedAt: START,
        },
      },
    ]);
  });

  it('is refused when another account has taken the new address', async () => {
    const { signUp, useLink, typesOf } = await accountWithRequestedChange();
    await signUp('user_ben', ANNA);
    await expect(useLink(1)).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    expect(await typesOf('user_ann', 3)).toStrictEqual([]);
  });

  it('releases the claimed address when the token has expired', async () => {
    const { useLink, clock, steps } = await accountWithRequestedChange();
    clock.advance(86_400);
    await expect(useLink(1)).rejects.toMatchObject({
      name: 'DomainError',
      code: 'token_invalid',
    });
    expect(steps).toStrictEqual([`claim email ${ANNA}`, `release email ${ANNA}`]);
  });

  it('is refused with a token that the stream of the user does not know', async () => {
    const services = createEmailServices();
    await services.signUp('user_ann', ANN);
    const forged = { userId: 'user_ann', tokenHash: 'hash of otp 9' } as const;
    const confirm = createConfirmEmailChange(services);
    await expect(confirm({ type: 'email_change', ...forged }, contextFrom())).rejects.toStrictEqual(
      new ApplicationError('token_invalid'),
    );
    await expect(
      confirm({ type: 'email_change', ...forged, userId: 'user_ben' }, contextFrom()),
    ).rejects.toStrictEqual(new ApplicationError('token_invalid'));
  });

  it('passes on that the registry of identifiers is unavailable', async () => {
    const world = await accountWithRequestedChange();
    const unavailable = new ApplicationError('service_unavailable');
    const confirm = createConfirmEmailChange({
      ...world,
      identifiers: { ...world.identifiers, claim: () => Promise.reject(unavailable) },
    });
    const token = { type: 'email_change', userId: 'user_ann', tokenHash: 'hash of otp 1' } as const;
    await expect(confirm(token, contextFrom())).rejects.toBe(unavailable);
  });
});
