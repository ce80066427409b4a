import { describe, expect, it } from 'vitest';
import { createCreateAccount } from '../../../../src/application/accounts/create-account.ts';
import { createRegisterUser } from '../../../../src/application/accounts/register-user.ts';
import { createAcceptInvitation } from '../../../../src/application/households/invitations/accept-invitation.ts';
import { createRegisterInvitedUser } from '../../../../src/application/households/invitations/register-invited-user.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { ANN, policy } from '../../../support/events/household-fixtures.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { createHouseholdServices, FLAT } from '../../../support/households/household-services.ts';
import { PASSWORD } from '../../../support/identity/account-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const EVE = 'eve@example.com';
const input = { email: ` ${EVE.toUpperCase()}`, password: PASSWORD, displayName: 'Eve' };

const setUp = async () => {
  const world = await createHouseholdServices();
  const createAccount = createCreateAccount(world);
  const parts = {
    ...world,
    registerUser: createRegisterUser({ ...world, createAccount }),
    acceptInvitation: createAcceptInvitation(world),
  };
  const registerInvitedUser = createRegisterInvitedUser(parts);
  await world.invite(ANN, EVE);
  return {
    ...parts,
    register: (changed: Partial<typeof input> = {}, token = 'otp 1') =>
      registerInvitedUser({ ...input, ...changed }, token, contextFrom()),
  };
};

describe('registering an invited user', () => {
  it('signs up and in with a verified address, and joins the household', async () => {
    const { register, laterEvents } = await setUp();
    expect(await register()).toMatchObject({
      sessionId: 'family-1',
      user: { id: 'user-1', email: EVE, emailVerified: true, displayName: 'Eve' },
    });
    expect((await laterEvents()).slice(1)).toStrictEqual([
      {
        type: 'InvitationAccepted',
        data: { invitationId: 'inv_0', userId: 'user-1', acceptedAt: START },
      },
      {
        type: 'MemberAdded',
        data: {
          userId: 'user-1',
          role: 'member',
          home: false,
          invitationId: 'inv_0',
          addedAt: START,
        },
      },
    ]);
  });

  it('names the new user as the actor who joins', async () => {
    const { register, eventStore } = await setUp();
    await register();
    const { events } = await eventStore.readStream({ category: 'household', id: FLAT });
    expect(events.at(-1)?.metadata.actor).toBe('user-1');
  });

  it('keeps the account when the invitation cannot be accepted any more', async () => {
    const { register, add, laterEvents, typesOf } = await setUp();
    for (let n = 3; n < policy.maxMembers; n += 1) await add(`user_${n}`, 'viewer');
    expect(await register()).toMatchObject({ user: { id: 'user-1' } });
    expect(await typesOf('user-1', 0)).toStrictEqual(['UserRegistered', 'EmailVerified']);
    expect((await laterEvents()).map(({ type }) => type)).not.toContain('InvitationAccepted');
  });

  it('passes on an error that is no refusal', async () => {
    const world = await setUp();
    const failure = new Error('the database is away');
    const register = createRegisterInvitedUser({
      ...world,
      acceptInvitation: () => Promise.reject(failure),
    });
    await expect(register(input, 'otp 1', contextFrom())).rejects.toBe(failure);
  });
});

describe('registering an invited user that is refused', () => {
  it('claims and stores nothing for an address that was not invited', async () => {
    const { register, steps, typesOf } = await setUp();
    await expect(register({ email: 'mallory@example.com' })).rejects.toMatchObject({
      code: 'invitation_for_other_address',
    });
    expect([steps, await typesOf('user-1', 0)]).toStrictEqual([[], []]);
  });

  it('claims and stores nothing with a token that is not valid', async () => {
    const { register, clock, steps } = await setUp();
    await expect(register({}, 'otp 9')).rejects.toStrictEqual(
      new ApplicationError('token_invalid'),
    );
    clock.advance(604_800);
    await expect(register()).rejects.toMatchObject({ code: 'token_invalid' });
    expect(steps).toStrictEqual([]);
  });

  it('claims and stores nothing when the household is deleted', async () => {
    const { register, decide, steps } = await setUp();
    await decide({ type: 'DeleteHousehold', data: { by: ANN, now: START } });
    await expect(register()).rejects.toStrictEqual(new ApplicationError('token_invalid'));
    expect(steps).toStrictEqual([]);
  });

  it('leaves the invitation open when the input is malformed', async () => {
    const { register, last } = await setUp();
    await expect(register({ password: 'short' })).rejects.toMatchObject({
      code: 'password_too_short',
    });
    expect(await last()).toMatchObject({ type: 'MemberInvited' });
  });

  it('leaves the invitation open when another account has the address', async () => {
    const { register, signUp, last } = await setUp();
    await signUp('user_eve', EVE);
    await expect(register()).rejects.toMatchObject({ code: 'identifier_taken' });
    expect(await last()).toMatchObject({ type: 'MemberInvited' });
  });
});
