import { describe, expect, it } from 'vitest';
import { createReadInvitation } from '../../../../src/application/households/invitations/read-invitation.ts';
import { createResendInvitation } from '../../../../src/application/households/invitations/resend-invitation.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { ANN, BEN } from '../../../support/events/household-fixtures.ts';
import { at, START } from '../../../support/events/token-family-fixtures.ts';
import {
  createHouseholdServices,
  DAN_ADDRESS,
  FLAT,
} from '../../../support/households/household-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const invalid = new ApplicationError('token_invalid');

const setUp = async () => {
  const world = await createHouseholdServices();
  const resendInvitation = createResendInvitation(world);
  return {
    ...world,
    read: createReadInvitation(world),
    resend: (invitationId: string) =>
      resendInvitation({ householdId: FLAT, userId: ANN, invitationId }, contextFrom()),
  };
};

describe('reading an invitation with its token', () => {
  it('answers what its holder is invited to', async () => {
    const { invite, read } = await setUp();
    await invite(BEN, DAN_ADDRESS, 'viewer');
    expect(await read('otp 1')).toStrictEqual({
      householdName: 'The Flat',
      invitedBy: 'ben',
      role: 'viewer',
      email: DAN_ADDRESS,
      hasAccount: true,
      expiresAt: at(604_800),
    });
  });

  it('answers whether the invited address has an account', async () => {
    const { invite, read } = await setUp();
    await invite(ANN, 'eve@example.com');
    expect(await read('otp 1')).toMatchObject({ email: 'eve@example.com', hasAccount: false });
  });

  it('answers no inviter when the account of the inviter is erased', async () => {
    const { invite, read, give } = await setUp();
    await invite(BEN);
    await give(BEN, { type: 'EraseUser', data: { granted: null, now: START } });
    expect(await read('otp 1')).toMatchObject({ invitedBy: null });
  });
});

describe('reading an invitation that is not open', () => {
  it('is refused when it has expired', async () => {
    const { invite, read, clock } = await setUp();
    await invite();
    clock.advance(604_800);
    await expect(read('otp 1')).rejects.toStrictEqual(invalid);
  });

  it('is refused with the token before the last when it was mailed again', async () => {
    const { invite, read, clock, resend } = await setUp();
    const { id } = await invite();
    clock.advance(60);
    await resend(id);
    await expect(read('otp 1')).rejects.toStrictEqual(invalid);
    expect(await read('otp 2')).toMatchObject({ householdName: 'The Flat' });
  });

  it('is refused when the household is deleted', async () => {
    const { invite, read, decide } = await setUp();
    await invite();
    await decide({ type: 'DeleteHousehold', data: { by: ANN, now: START } });
    await expect(read('otp 1')).rejects.toStrictEqual(invalid);
  });

  it('is refused when its address is not known any more', async () => {
    const { invite, read, knownAddresses } = await setUp();
    await invite();
    knownAddresses.clear();
    await expect(read('otp 1')).rejects.toStrictEqual(invalid);
  });

  it('is refused with a token that was never issued', async () => {
    const { read } = await setUp();
    await expect(read('otp 1')).rejects.toStrictEqual(invalid);
  });
});
