import { describe, expect, it } from 'vitest';
import { createDeclineInvitation } from '../../../../src/application/households/invitations/decline-invitation.ts';
import { ANN } from '../../../support/events/household-fixtures.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { createHouseholdServices } from '../../../support/households/household-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const declineInvitation = createDeclineInvitation(world);
  return { ...world, decline: (token = 'otp 1') => declineInvitation(token, contextFrom()) };
};

describe('declining an invitation', () => {
  it('stores InvitationDeclined, whether the address has an account or not', async () => {
    const { invite, decline, laterEvents } = await setUp();
    await invite();
    await decline();
    await invite(ANN, 'eve@example.com');
    await decline('otp 2');
    const declined = (await laterEvents()).filter(({ type }) => type === 'InvitationDeclined');
    expect(declined).toStrictEqual([
      { type: 'InvitationDeclined', data: { invitationId: 'inv_0', declinedAt: START } },
      { type: 'InvitationDeclined', data: { invitationId: 'inv_2', declinedAt: START } },
    ]);
  });

  it('forgets the address of the invitation', async () => {
    const { invite, decline, knownAddresses } = await setUp();
    await invite();
    await decline();
    expect([...knownAddresses]).toStrictEqual([]);
  });

  it('is refused a second time, and with a token that was never issued', async () => {
    const { invite, decline, laterEvents } = await setUp();
    await invite();
    await decline();
    await expect(decline()).rejects.toMatchObject({ code: 'token_invalid' });
    await expect(decline('otp 9')).rejects.toMatchObject({ code: 'token_invalid' });
    expect(await laterEvents()).toHaveLength(2);
  });

  it('is refused with a token that has expired', async () => {
    const { invite, decline, clock } = await setUp();
    await invite();
    clock.advance(604_800);
    await expect(decline()).rejects.toMatchObject({ name: 'DomainError', code: 'token_invalid' });
  });

  it('is refused like an invalid token when the household is deleted', async () => {
    const { invite, decline, decide } = await setUp();
    await invite();
    await decide({ type: 'DeleteHousehold', data: { by: ANN, now: START } });
    await expect(decline()).rejects.toMatchObject({
      name: 'ApplicationError',
      code: 'token_invalid',
    });
  });
});
