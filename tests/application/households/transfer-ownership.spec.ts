import { describe, expect, it } from 'vitest';
import { createTransferOwnership } from '../../../src/application/households/transfer-ownership.ts';
import { ANN, BEN, CAT, DAN } from '../../support/events/household-fixtures.ts';
import { START } from '../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../support/households/household-services.ts';
import { PASSWORD } from '../../support/identity/account-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const AUTH_TIME = Date.parse(START) / 1_000;

const setUp = async (userId = ANN) => {
  const world = await createHouseholdServices();
  await world.openIn(userId);
  const transferOwnership = createTransferOwnership(world);
  return {
    ...world,
    transfer: (memberId: string, password?: string) =>
      transferOwnership(
        {
          householdId: FLAT,
          userId,
          sessionId: 'family-1',
          authTime: AUTH_TIME,
          memberId,
          password,
        },
        contextFrom(),
      ),
  };
};

describe('transferring the ownership of a household', () => {
  it('stores OwnershipTransferred, and makes the previous owner an admin', async () => {
    const { transfer, laterEvents, readHousehold } = await setUp();
    await transfer(CAT, PASSWORD);
    expect(await laterEvents()).toStrictEqual([
      { type: 'OwnershipTransferred', data: { from: ANN, to: CAT, transferredAt: START } },
    ]);
    expect(await readHousehold(FLAT, CAT)).toMatchObject({ role: 'owner' });
    expect(await readHousehold(FLAT, ANN)).toMatchObject({ role: 'admin' });
  });

  it('accepts a sign-in of the last five minutes instead of the password', async () => {
    const { transfer, laterEvents } = await setUp();
    await transfer(CAT);
    expect((await laterEvents()).map(({ type }) => type)).toStrictEqual(['OwnershipTransferred']);
  });

  it('stores nothing when the owner is the new owner', async () => {
    const { transfer, laterEvents } = await setUp();
    await transfer(ANN);
    expect(await laterEvents()).toStrictEqual([]);
  });
});

describe('transferring the ownership of a household that is refused', () => {
  it('requires the password when the sign-in is older than five minutes', async () => {
    const { transfer, clock, laterEvents } = await setUp();
    clock.advance(301);
    await expect(transfer(CAT)).rejects.toMatchObject({ code: 'step_up_required' });
    expect(await laterEvents()).toStrictEqual([]);
  });

  it('is refused with a wrong password', async () => {
    const { transfer, laterEvents } = await setUp();
    await expect(transfer(CAT, 'something else')).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    expect(await laterEvents()).toStrictEqual([]);
  });

  it('is refused for a session that has ended', async () => {
    const { transfer, revokeTokenFamily, laterEvents } = await setUp();
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(transfer(CAT)).rejects.toMatchObject({ code: 'access_token_invalid' });
    expect(await laterEvents()).toStrictEqual([]);
  });

  it.each([
    ['by an admin', BEN, CAT, 'household_role_insufficient'],
    ['by a user who is not a member', DAN, CAT, 'household_not_found'],
    ['to a user who is not a member', ANN, DAN, 'member_not_found'],
  ])('is refused %s', async (_, userId, memberId, code) => {
    const { transfer, laterEvents } = await setUp(userId);
    await expect(transfer(memberId)).rejects.toMatchObject({ name: 'DomainError', code });
    expect(await laterEvents()).toStrictEqual([]);
  });
});
