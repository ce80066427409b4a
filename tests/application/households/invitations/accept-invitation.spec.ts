import { describe, expect, it } from 'vitest';
import { createAcceptInvitation } from '../../../../src/application/households/invitations/accept-invitation.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { ANN, CAT, DAN, policy } from '../../../support/events/household-fixtures.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../../support/households/household-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const setUp = async () => {
  const world = await createHouseholdServices();
  const acceptInvitation = createAcceptInvitation(world);
  return {
    ...world,
    accept: (userId = DAN, token = 'otp 1') => acceptInvitation({ userId, token }, contextFrom()),
  };
};

describe('accepting an invitation', () => {
  it('stores InvitationAccepted and MemberAdded with the role that was offered', async () => {
    const { invite, accept, laterEvents } = await setUp();
    await invite(ANN, 'dan@example.com', 'viewer');
    await accept();
    expect((await laterEvents()).slice(1)).toStrictEqual([
      {
        type: 'InvitationAccepted',
        data: { invitationId: 'inv_0', userId: DAN, acceptedAt: START },
      },
      {
        type: 'MemberAdded',
        data: {
          userId: DAN,
          role: 'viewer',
          home: false,
          invitationId: 'inv_0',
          addedAt: START,
        },
      },
    ]);
  });

  it('answers the household as its new member sees it, and forgets the address', async () => {
    const { invite, accept, knownAddresses } = await setUp();
    await invite();
    expect(await accept()).toStrictEqual({
      id: FLAT,
      name: 'The Flat',
      role: 'member',
      memberCount: 4,
      createdAt: START,
    });
    expect([...knownAddresses]).toStrictEqual([]);
  });

  it('becomes the default household of a user who has none', async () => {
    const world = await setUp();
    await world.invite();
    const accept = createAcceptInvitation({
      ...world,
      accounts: {
        ...world.accounts,
        findById: async (userId) => {
          const account = await world.accounts.findById(userId);
          return account && { ...account, householdId: null, householdRole: null };
        },
      },
    });
    await accept({ userId: DAN, token: 'otp 1' }, contextFrom());
    expect(await world.last()).toMatchObject({ type: 'MemberAdded', data: { home: true } });
  });

  it('leaves the role of a user who is a member already', async () => {
    const { invite, accept, readHousehold, laterEvents } = await setUp();
    await invite(ANN, 'cat@example.com', 'admin');
    await accept(CAT);
    expect((await laterEvents()).map(({ type }) => type)).toStrictEqual([
      'MemberInvited',
      'InvitationAccepted',
    ]);
    expect(await readHousehold(FLAT, CAT)).toMatchObject({ role: 'member' });
  });
});

describe('accepting an invitation that is refused', () => {
  it('is refused a second time', async () => {
    const { invite, accept } = await setUp();
    await invite();
    await accept();
    await expect(accept()).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('is refused with a token that has expired, and with one that was never issued', async () => {
    const { invite, accept, clock, laterEvents } = await setUp();
    await invite();
    clock.advance(604_800);
    await expect(accept()).rejects.toMatchObject({ name: 'DomainError', code: 'token_invalid' });
    await expect(accept(DAN, 'otp 9')).rejects.toMatchObject({ code: 'token_invalid' });
    expect(await laterEvents()).toHaveLength(1);
  });

  it('is refused like an invalid token when the household is deleted', async () => {
    const { invite, accept, decide } = await setUp();
    await invite();
    await decide({ type: 'DeleteHousehold', data: { by: ANN, now: START } });
    await expect(accept()).rejects.toMatchObject({
      name: 'ApplicationError',
      code: 'token_invalid',
    });
  });

  it('is refused for an account with another address', async () => {
    const { invite, accept, laterEvents } = await setUp();
    await invite(ANN, 'eve@example.com');
    await expect(accept()).rejects.toMatchObject({ code: 'invitation_for_other_address' });
    expect(await laterEvents()).toHaveLength(1);
  });

  it('is refused for an account whose address is not verified, or that has none', async () => {
    const { invite, accept, signUp } = await setUp();
    await invite(ANN, 'eve@example.com');
    await signUp('user_eve', 'eve@example.com');
    await signUp('user_gus', null, { passwordHash: null, tier: 'anonymous' });
    for (const userId of ['user_eve', 'user_gus']) {
      await expect(accept(userId)).rejects.toStrictEqual(
        new ApplicationError('email_not_verified'),
      );
    }
  });

  it('is refused for an account that is deactivated or gone', async () => {
    const { invite, accept, give, laterEvents } = await setUp();
    await invite();
    await give(DAN, { type: 'DeactivateUser', data: { now: START } });
    for (const userId of [DAN, 'user_gone']) {
      await expect(accept(userId)).rejects.toStrictEqual(
        new ApplicationError('access_token_invalid'),
      );
    }
    expect(await laterEvents()).toHaveLength(1);
  });

  it('is refused when the household is full', async () => {
    const { invite, accept, add, laterEvents } = await setUp();
    for (let n = 3; n < policy.maxMembers; n += 1) await add(`user_${n}`, 'viewer');
    await invite();
    await expect(accept()).rejects.toMatchObject({ code: 'household_full' });
    expect((await laterEvents()).at(-1)).toMatchObject({ type: 'MemberInvited' });
  });

  it('ends the membership again when the user was erased meanwhile', async () => {
    const world = await setUp();
    await world.invite();
    const accept = createAcceptInvitation({
      ...world,
      accounts: {
        ...world.accounts,
        findById: async (userId) => {
          const account = await world.accounts.findById(userId);
          await world.give(DAN, { type: 'EraseUser', data: { granted: null, now: START } });
          return account;
        },
      },
    });
    await expect(accept({ userId: DAN, token: 'otp 1' }, contextFrom())).rejects.toStrictEqual(
      new ApplicationError('access_token_invalid'),
    );
    expect((await world.laterEvents()).slice(3)).toStrictEqual([
      { type: 'MemberRemoved', data: { userId: DAN, reason: 'erased', removedAt: START } },
    ]);
  });
});
