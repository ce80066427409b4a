import { describe, expect, it } from 'vitest';
import { createChangeMemberRole } from '../../../../src/application/households/change-member-role.ts';
import { createInviteMember } from '../../../../src/application/households/invitations/invite-member.ts';
import { createResendInvitation } from '../../../../src/application/households/invitations/resend-invitation.ts';
import { createRevokeInvitation } from '../../../../src/application/households/invitations/revoke-invitation.ts';
import { householdAggregate } from '../../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import type { HouseholdCommand } from '../../../../src/domain/household/household-commands.ts';
import { ANN, BEN, CAT, policy, STRANGER } from '../../../support/events/household-fixtures.ts';
import { createAccountServices } from '../../../support/identity/account-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const HOME = 'hh_flat';
const DAN = 'dan@example.com';

/** Ann's household with Ben as an admin and Cat as a member. */
const setUp = async () => {
  const services = createAccountServices();
  const { commands, clock, ids } = services;
  const known = new Map<string, string>();
  const taken: string[] = [];
  const allowed = { inviter: true, address: true };
  const unproven = new Set<string>();
  const parts = {
    ...services,
    policy,
    users: {
      findProfile: async (id: string) => ({
        id,
        email: `${id}@example.com`,
        emailVerified: !unproven.has(id),
        username: null,
        displayName: null,
        role: 'user' as const,
        tier: 'free' as const,
        locale: 'en',
        active: true,
        household: null,
        createdAt: clock.now(),
      }),
    },
    hashAddress: (email: string) => [`hash of ${email}`] as const,
    addresses: {
      remember: async (id: string, email: string) => void known.set(id, email),
      find: async (id: string) => known.get(id),
      forget: async (gone: readonly string[]) => {
        for (const id of gone) known.delete(id);
      },
    },
    allowance: {
      takeForInviter: async (userId: string) => {
        taken.push(userId);
        if (!allowed.inviter) throw new ApplicationError('invitation_limit_reached');
      },
      takeForAddress: async (email: string) => {
        taken.push(email);
        return allowed.address;
      },
    },
    ids: { ...ids, invitationId: () => `inv_${taken.length}` },
  };
  const give = (command: HouseholdCommand) =>
    commands.execute(householdAggregate, HOME, command, contextFrom());
  const now = clock.now();
  const data = { name: 'The Flat', ownerId: ANN, home: false, now };
  await give({ type: 'CreateHousehold', data });
  for (const [userId, role] of [
    [BEN, 'admin'],
    [CAT, 'member'],
  ] as const) {
    await give({ type: 'AddMember', data: { userId, role, home: false, now } });
  }
  const inviteMember = createInviteMember(parts);
  const resendInvitation = createResendInvitation(parts);
  const revokeInvitation = createRevokeInvitation(parts);
  const changeMemberRole = createChangeMemberRole(parts);
  const householdId = HOME;
  return {
    known,
    taken,
    allowed,
    unproven,
    clock,
    give,
    parts,
    invite: (userId = ANN, email = DAN) =>
      inviteMember({ householdId, userId, email, role: 'member' }, contextFrom()),
    resend: (invitationId: string, userId = ANN) =>
      resendInvitation({ householdId, userId, invitationId }, contextFrom()),
    revoke: (invitationId: string, userId = ANN) =>
      revokeInvitation({ householdId, userId, invitationId }, contextFrom()),
    demote: (memberId: string) =>
      changeMemberRole({ householdId, userId: ANN, memberId, role: 'viewer' }, contextFrom()),
    last: async () => {
      const { events } = await services.eventStore.readStream({ category: 'household', id: HOME });
      return events.at(-1)?.event;
    },
  };
};

describe('when somebody invites', () => {
  it('answers the invitation, and keeps the address beside the log', async () => {
    const { invite, known, last, clock } = await setUp();
    const invited = await invite(ANN, ' Dan@Example.com ');
    expect(invited).toStrictEqual({
      id: 'inv_0',
      email: DAN,
      role: 'member',
      invitedBy: ANN,
      createdAt: clock.now(),
      expiresAt: expect.any(String),
    });
    expect([...known]).toStrictEqual([['inv_0', DAN]]);
    expect(JSON.stringify(await last())).not.toContain('Dan');
    expect(await last()).toMatchObject({
      type: 'MemberInvited',
      data: { addressHash: `hash of ${DAN}`, mailed: true },
    });
  });

  it('refuses mail in the name of whoever has not proven their own address', async () => {
    const { invite, unproven, taken, known } = await setUp();
    unproven.add(ANN);
    await expect(invite()).rejects.toMatchObject({ code: 'email_not_verified' });
    expect([taken, [...known]]).toStrictEqual([[], []]);
  });

  it('is not written to when the address got too many, and nobody is told', async () => {
    const { invite, allowed, last } = await setUp();
    allowed.address = false;
    expect(await invite()).toMatchObject({ email: DAN });
    expect(await last()).toMatchObject({ type: 'MemberInvited', data: { mailed: false } });
  });

  it('uses nothing up where it is refused', async () => {
    const { invite, taken, known } = await setUp();
    const code = (wanted: string) => ({ code: wanted });
    await expect(invite(CAT)).rejects.toMatchObject(code('household_role_insufficient'));
    await expect(invite(STRANGER)).rejects.toMatchObject(code('household_not_found'));
    await expect(invite(ANN, 'no address')).rejects.toMatchObject(code('email_invalid'));
    expect(taken).toStrictEqual([]);
    await invite();
    taken.length = 0;
    await expect(invite(BEN)).rejects.toMatchObject(code('already_invited'));
    expect(taken).toStrictEqual([]);
    expect(known.size).toBe(1);
  });

  it('leaves no address behind for whom it was too often, or for whom another was faster', async () => {
    const { invite, allowed, known, parts } = await setUp();
    allowed.inviter = false;
    await expect(invite()).rejects.toMatchObject({ code: 'invitation_limit_reached' });
    expect(known.size).toBe(0);
    allowed.inviter = true;
    const late = createInviteMember({
      ...parts,
      ids: { ...parts.ids, invitationId: () => 'inv_late' },
      allowance: {
        ...parts.allowance,
        takeForAddress: async () => {
          await invite(BEN);
          return true;
        },
      },
    });
    const input = { householdId: HOME, userId: ANN, email: DAN, role: 'member' } as const;
    await expect(late(input, contextFrom())).rejects.toMatchObject({ code: 'already_invited' });
    expect(known.has('inv_late')).toBe(false);
    expect([...known.values()]).toStrictEqual([DAN]);
  });
});

describe('when an invitation is sent again or ends', () => {
  it('is sent again without a mail when its address is not known any more', async () => {
    const { invite, resend, known, clock, last } = await setUp();
    const { id } = await invite();
    clock.advance(60);
    await resend(id, BEN);
    expect(await last()).toMatchObject({ data: { mailed: true, resentBy: BEN } });
    known.clear();
    clock.advance(60);
    await resend(id);
    expect(await last()).toMatchObject({ type: 'InvitationResent', data: { mailed: false } });
  });

  it('uses nothing up where sending again is refused', async () => {
    const { invite, resend, taken } = await setUp();
    const { id } = await invite();
    taken.length = 0;
    await expect(resend(id)).rejects.toMatchObject({ code: 'too_many_invitations' });
    await expect(resend(id, CAT)).rejects.toMatchObject({ code: 'household_role_insufficient' });
    await expect(resend('inv_none')).rejects.toMatchObject({ code: 'invitation_not_found' });
    expect(taken).toStrictEqual([]);
  });

  it('forgets the address of what was revoked, and of what a demoted admin promised', async () => {
    const { invite, revoke, demote, known } = await setUp();
    const { id } = await invite();
    const { id: promised } = await invite(BEN, 'eve@example.com');
    expect([...known.keys()]).toStrictEqual([id, promised]);
    await revoke(id, BEN);
    expect([...known.keys()]).toStrictEqual([promised]);
    await demote(BEN);
    expect([...known.keys()]).toStrictEqual([]);
  });

  it('ends all the same when its address cannot be forgotten now', async () => {
    const { invite, parts, last } = await setUp();
    const { id } = await invite();
    const revoke = createRevokeInvitation({
      ...parts,
      addresses: {
        ...parts.addresses,
        forget: async () => {
          throw new Error('the database is away');
        },
      },
    });
    await revoke({ householdId: HOME, userId: ANN, invitationId: id }, contextFrom());
    expect(await last()).toMatchObject({ type: 'InvitationRevoked' });
  });
});
