import { describe, expect, it } from 'vitest';
import { asTokenError } from '../../../../src/application/households/invitations/open-invitation.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { DomainError } from '../../../../src/domain/domain-error.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../../support/households/household-services.ts';

const invalid = new ApplicationError('token_invalid');

describe('opening the token of an invitation', () => {
  it('answers the household that the token leads to', async () => {
    const { invite, openInvitation } = await createHouseholdServices();
    await invite();
    expect(await openInvitation('otp 1')).toStrictEqual({
      householdId: FLAT,
      tokenHash: 'hash of otp 1',
    });
  });

  it('refuses a token that was never issued, and one that is malformed', async () => {
    const { invite, openInvitation } = await createHouseholdServices();
    await invite();
    await expect(openInvitation('otp 2')).rejects.toStrictEqual(invalid);
    await expect(openInvitation('malformed')).rejects.toStrictEqual(invalid);
  });

  it('refuses a token that was issued for another purpose', async () => {
    const { signUp, oneTimeTokens, openInvitation } = await createHouseholdServices();
    const verification = oneTimeTokens.issue('email_verification', START);
    await signUp('user_eve', 'eve@example.com', { verification });
    await expect(openInvitation('otp 1')).rejects.toStrictEqual(invalid);
  });
});

describe('a refusal as the holder of a token sees it', () => {
  it('is token_invalid when the household does not exist any more', () => {
    const cause = new DomainError('household_not_found');
    expect(asTokenError(cause)).toStrictEqual(new ApplicationError('token_invalid', { cause }));
  });

  it.each([new DomainError('household_full'), new ApplicationError('email_not_verified')])(
    'is passed on as it is: %s',
    (error) => expect(asTokenError(error)).toBe(error),
  );
});
