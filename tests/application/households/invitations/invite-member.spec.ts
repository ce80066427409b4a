import { describe, expect, it } from 'vitest';
import { createInviteMember } from '../../../../src/application/households/invitations/invite-member.ts';
import { ANN, BEN, CAT, policy, STRANGER } from '../../../support/events/household-fixtures.ts';
import { at, START } from '../../../support/events/token-family-fixtures.ts';
import {
  createHouseholdServices,
  DAN_ADDRESS as DAN,
  FLAT,
} from '../../../support/households/household-services.ts';
import { mintedToken } from '../../../support/identity/account-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

describe('inviting a member', () => {
  it('answers the invitation, and keeps the address beside the log', async () => {
    const { invite, knownAddresses, last, clock } = await createHouseholdServices();
    const invited = await invite(ANN, ' Dan@Example.com ');
    expect(invited).toStrictEqual({
      id: 'inv_0',
      email: DAN,
      role: 'member',
      invitedBy: ANN,
      createdAt: clock.now(),
      expiresAt: expect.any(String),
    });
    expect([...knownAddresses]).toStrictEqual([['inv_0', DAN]]);
    expect(JSON.stringify(await last())).not.toContain('Dan');
    expect(await last()).toMatchObject({
      type: 'MemberInvited',
      data: { addressHash: `hash of ${DAN}`, mailed: true },
    });
  });

  it('stores MemberInvited with a token that lives for a week', async () => {
    const { invite, laterEvents } = await createHouseholdServices();
    await invite(BEN, DAN, 'viewer');
    expect(await laterEvents()).toStrictEqual([
      {
        type: 'MemberInvited',
        data: {
          invitationId: 'inv_0',
          addressHash: `hash of ${DAN}`,
          role: 'viewer',
          token: mintedToken(1, at(604_800)),
          mailed: true,
          invitedBy: BEN,
          invitedAt: START,
        },
      },
    ]);
  });

  it('stores an invitation that is not mailed, and answers alike, when the address got too many', async () => {
    const { invite, allowed, last } = await createHouseholdServices();
    allowed.address = false;
    expect(await invite()).toMatchObject({ email: DAN });
    expect(await last()).toMatchObject({ type: 'MemberInvited', data: { mailed: false } });
  });
});

describe('inviting a member that is refused', () => {
  it('is refused for an inviter whose own address is not verified', async () => {
    const { invite, unverified, taken, knownAddresses } = await createHouseholdServices();
    unverified.add(ANN);
    await expect(invite()).rejects.toMatchObject({ code: 'email_not_verified' });
    expect([taken, [...knownAddresses]]).toStrictEqual([[], []]);
  });

  it('uses up no allowance when the household refuses it', async () => {
    const { invite, taken, knownAddresses, signUp } = await createHouseholdServices();
    await signUp(STRANGER, 'stranger@example.com');
    const code = (wanted: string) => ({ code: wanted });
    await expect(invite(CAT)).rejects.toMatchObject(code('household_role_insufficient'));
    await expect(invite(STRANGER)).rejects.toMatchObject(code('household_not_found'));
    await expect(invite(ANN, 'no address')).rejects.toMatchObject(code('email_invalid'));
    expect(taken).toStrictEqual([]);
    await invite();
    taken.length = 0;
    await expect(invite(BEN)).rejects.toMatchObject(code('already_invited'));
    expect(taken).toStrictEqual([]);
    expect(knownAddresses.size).toBe(1);
  });

  it('is refused when the household has as many open invitations as it may', async () => {
    const { invite, laterEvents } = await createHouseholdServices();
    for (let n = 0; n < policy.maxOpenInvitations; n += 1) {
      await invite(ANN, `guest${n}@example.com`);
    }
    await expect(invite()).rejects.toMatchObject({ code: 'too_many_invitations' });
    expect(await laterEvents()).toHaveLength(policy.maxOpenInvitations);
  });

  it('keeps no address when the inviter asked too often, or another invitation came first', async () => {
    const world = await createHouseholdServices();
    const { invite, allowed, knownAddresses } = world;
    allowed.inviter = false;
    await expect(invite()).rejects.toMatchObject({ code: 'invitation_limit_reached' });
    expect(knownAddresses.size).toBe(0);
    allowed.inviter = true;
    const late = createInviteMember({
      ...world,
      ids: { ...world.ids, invitationId: () => 'inv_late' },
      allowance: {
        ...world.allowance,
        takeForAddress: async () => {
          await invite(BEN);
          return true;
        },
      },
    });
    const input = { householdId: FLAT, userId: ANN, email: DAN, role: 'member' } as const;
    await expect(late(input, contextFrom())).rejects.toMatchObject({ code: 'already_invited' });
    expect(knownAddresses.has('inv_late')).toBe(false);
    expect([...knownAddresses.values()]).toStrictEqual([DAN]);
  });
});
