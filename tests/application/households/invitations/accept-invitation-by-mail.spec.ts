import { describe, expect, it } from 'vitest';
import { createAcceptInvitation } from '../../../../src/application/households/invitations/accept-invitation.ts';
import { createAcceptInvitationByMail } from '../../../../src/application/households/invitations/accept-invitation-by-mail.ts';
import { createReadInvitation } from '../../../../src/application/households/invitations/read-invitation.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { ANN, DAN, policy } from '../../../support/events/household-fixtures.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../../support/households/household-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const acceptByMail = createAcceptInvitationByMail({
    ...world,
    readInvitation: createReadInvitation(world),
    acceptInvitation: createAcceptInvitation(world),
  });
  return { ...world, accept: (token = 'otp 1') => acceptByMail(token, contextFrom()) };
};

describe('accepting an invitation with the mailed link', () => {
  it('makes the account with the invited address a member, and names it as the actor', async () => {
    const { invite, accept, laterEvents, eventStore } = await setUp();
    await invite();
    expect(await accept()).toStrictEqual({
      id: FLAT,
      name: 'The Flat',
      role: 'member',
      memberCount: 4,
      createdAt: START,
    });
    expect((await laterEvents()).slice(1)).toStrictEqual([
      {
        type: 'InvitationAccepted',
        data: { invitationId: 'inv_0', userId: DAN, acceptedAt: START },
      },
      {
        type: 'MemberAdded',
        data: {
          userId: DAN,
          role: 'member',
          home: false,
          invitationId: 'inv_0',
          addedAt: START,
        },
      },
    ]);
    const { events } = await eventStore.readStream({ category: 'household', id: FLAT });
    expect(events.at(-1)?.metadata.actor).toBe(DAN);
  });

  it('is refused when the invited address has no account', async () => {
    const { invite, accept, laterEvents } = await setUp();
    await invite(ANN, 'eve@example.com');
    await expect(accept()).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    expect(await laterEvents()).toHaveLength(1);
  });

  it('is refused when the account has not verified the invited address', async () => {
    const { invite, accept, signUp } = await setUp();
    await invite(ANN, 'eve@example.com');
    await signUp('user_eve', 'eve@example.com');
    await expect(accept()).rejects.toStrictEqual(new ApplicationError('email_not_verified'));
  });

  it('is refused when the household is full', async () => {
    const { invite, accept, add } = await setUp();
    for (let n = 3; n < policy.maxMembers; n += 1) await add(`user_${n}`, 'viewer');
    await invite();
    await expect(accept()).rejects.toMatchObject({ code: 'household_full' });
  });

  it('is refused with a token that was used, expired, or was never issued', async () => {
    const { invite, accept, clock } = await setUp();
    await invite();
    await accept();
    await invite(ANN, 'eve@example.com');
    clock.advance(604_800);
    for (const token of ['otp 1', 'otp 2', 'otp 9']) {
      await expect(accept(token)).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    }
  });
});
