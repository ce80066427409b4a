import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import {
  ANN,
  accountWithRequestedChange,
  createEmailServices,
} from '../../support/credentials/email-services.ts';
import { START } from '../../support/events/token-family-fixtures.ts';

const invalid = { code: 'token_invalid' };

describe('a link about an address', () => {
  it('is used only for the purposes that the caller accepts', async () => {
    const { signUpPending, useLink, typesOf } = createEmailServices();
    await signUpPending('user_ann', ANN);
    await expect(useLink(1, 'email_change', 'email_change_undo')).rejects.toMatchObject(invalid);
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
    expect(await useLink(1, 'email_verification')).toBe('email_verification');
  });

  it('is refused when its token was never issued', async () => {
    await expect(createEmailServices().useLink(1)).rejects.toStrictEqual(
      new ApplicationError('token_invalid'),
    );
  });

  it('is refused when its token resets a password', async () => {
    const { signUp, give, oneTimeTokens, useLink, typesOf } = createEmailServices();
    await signUp('user_ann', ANN);
    const data = { token: oneTimeTokens.issue('password_reset', START), now: START };
    await give('user_ann', { type: 'RequestPasswordReset', data });
    await expect(useLink(1)).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    expect(await typesOf('user_ann', 2)).toStrictEqual([]);
  });

  it('does what its token was issued for, and names the user as the actor', async () => {
    const { useLink, eventStore } = await accountWithRequestedChange();
    const used = [await useLink(1), await useLink(2)];
    expect(used).toStrictEqual(['email_change', 'email_change_undo']);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect(
      events.slice(3).map(({ event, metadata }) => [event.type, metadata.actor]),
    ).toStrictEqual([
      ['EmailChanged', 'user_ann'],
      ['EmailChanged', 'user_ann'],
      ['PasswordChanged', 'user_ann'],
      ['PasswordResetRequested', 'user_ann'],
    ]);
  });
});
