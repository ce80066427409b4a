import { describe, expect, it } from 'vitest';
import { createResendInvitation } from '../../../../src/application/households/invitations/resend-invitation.ts';
import { ANN, BEN, CAT, policy, STRANGER } from '../../../support/events/household-fixtures.ts';
import { at } from '../../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../../support/households/household-services.ts';
import { mintedToken } from '../../../support/identity/account-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const resendInvitation = createResendInvitation(world);
  return {
    ...world,
    resend: (invitationId: string, userId = ANN) =>
      resendInvitation({ householdId: FLAT, userId, invitationId }, contextFrom()),
  };
};

describe('resending an invitation', () => {
  it('stores InvitationResent with another token that lives for a week', async () => {
    const { invite, resend, clock, laterEvents } = await setUp();
    const { id } = await invite();
    clock.advance(60);
    await resend(id, BEN);
    expect((await laterEvents()).slice(1)).toStrictEqual([
      {
        type: 'InvitationResent',
        data: {
          invitationId: id,
          token: mintedToken(2, at(60 + 604_800)),
          mailed: true,
          resentBy: BEN,
          resentAt: at(60),
        },
      },
    ]);
  });

  it('mails nothing when the address of the invitation is not known any more', async () => {
    const { invite, resend, knownAddresses, clock, last } = await setUp();
    const { id } = await invite();
    clock.advance(60);
    await resend(id, BEN);
    expect(await last()).toMatchObject({ data: { mailed: true, resentBy: BEN } });
    knownAddresses.clear();
    clock.advance(60);
    await resend(id);
    expect(await last()).toMatchObject({ type: 'InvitationResent', data: { mailed: false } });
  });

  it('mails nothing when the address got too many invitations', async () => {
    const { invite, resend, allowed, clock, last } = await setUp();
    const { id } = await invite();
    clock.advance(60);
    allowed.address = false;
    await resend(id);
    expect(await last()).toMatchObject({ type: 'InvitationResent', data: { mailed: false } });
  });
});

describe('resending an invitation that is refused', () => {
  it('uses up no allowance when the household refuses it', async () => {
    const { invite, resend, taken } = await setUp();
    const { id } = await invite();
    taken.length = 0;
    await expect(resend(id)).rejects.toMatchObject({ code: 'too_many_invitations' });
    await expect(resend(id, CAT)).rejects.toMatchObject({ code: 'household_role_insufficient' });
    await expect(resend('inv_none')).rejects.toMatchObject({ code: 'invitation_not_found' });
    expect(taken).toStrictEqual([]);
  });

  it('is refused for a user who is not a member', async () => {
    const { invite, resend } = await setUp();
    const { id } = await invite();
    await expect(resend(id, STRANGER)).rejects.toMatchObject({ code: 'household_not_found' });
  });

  it('is refused after as many mails as an invitation may cause', async () => {
    const { invite, resend, clock, laterEvents } = await setUp();
    const { id } = await invite();
    for (let sending = 1; sending < policy.maxSendings; sending += 1) {
      clock.advance(60);
      await resend(id);
    }
    clock.advance(60);
    await expect(resend(id)).rejects.toMatchObject({ code: 'too_many_invitations' });
    expect(await laterEvents()).toHaveLength(policy.maxSendings);
  });

  it('stores nothing when the inviter has asked too often', async () => {
    const { invite, resend, allowed, clock, laterEvents } = await setUp();
    const { id } = await invite();
    clock.advance(60);
    allowed.inviter = false;
    await expect(resend(id)).rejects.toMatchObject({ code: 'invitation_limit_reached' });
    expect(await laterEvents()).toHaveLength(1);
  });
});
