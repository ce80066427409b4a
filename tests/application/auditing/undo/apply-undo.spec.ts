import { describe, expect, it } from 'vitest';
import { createApplyUndo } from '../../../../src/application/auditing/undo/apply-undo.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { createStolenSession, FAMILY } from '../../../support/auditing/stolen-session.ts';
import { ANN, BEN } from '../../../support/events/household-fixtures.ts';
import { at, START } from '../../../support/events/token-family-fixtures.ts';
import { FLAT } from '../../../support/households/household-services.ts';
import { hashOf, mintedToken, PASSWORD } from '../../../support/identity/account-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const rename = { type: 'RenameHousehold', data: { by: ANN, name: 'Stolen', now: START } } as const;
const call = { type: 'ChangeDisplayName', data: { displayName: 'Mallory', now: START } } as const;
const byAuditor = { ...contextFrom(), actor: 'user_auditor' };

const setUp = async () => {
  const world = await createStolenSession();
  return {
    ...world,
    /** Undoes the events of these types. */
    undo: async (types: readonly string[], changed: Partial<typeof world> = {}) => {
      const { proposal } = await world.proposeUndo({ familyId: FAMILY });
      const ids = proposal.events
        .filter(({ type }) => types.includes(type))
        .map(({ eventId }) => eventId);
      const applyUndo = createApplyUndo({ ...world, ...changed });
      const undone = await applyUndo({ familyId: FAMILY }, ids, byAuditor);
      return undone.map(({ type, outcome, refusal }) => [type, outcome, refusal]);
    },
    /** Changes Ann's address with the thief's access token. */
    stealAddress: async () => {
      const email = 'mallory@example.com';
      const checkedHash = hashOf(PASSWORD);
      const token = world.oneTimeTokens.issue('email_change', START);
      const undo = world.oneTimeTokens.issue('email_change_undo', START);
      const request = { email, checkedHash, token, now: START };
      await world.toUser({ type: 'RequestEmailChange', data: request });
      const { tokenHash } = token;
      await world.toUser({ type: 'ConfirmEmailChange', data: { tokenHash, undo, now: START } });
    },
  };
};

describe('undoing what a thief did', () => {
  it('restores the earlier values by events that name their cause and the auditor', async () => {
    const { undo, toUser, toHousehold, detect, eventStore } = await setUp();
    await toUser(call);
    await toHousehold(rename);
    await detect();
    expect(await undo(['DisplayNameChanged', 'HouseholdRenamed'])).toStrictEqual([
      ['HouseholdRenamed', 'undone', null],
      ['DisplayNameChanged', 'undone', null],
    ]);
    const { events: user } = await eventStore.readStream({ category: 'user', id: ANN });
    expect(user.at(-1)).toMatchObject({
      event: {
        type: 'DisplayNameChanged',
        data: { displayName: 'ann', changedAt: at(60) },
      },
      metadata: { actor: 'user_auditor', causationId: user.at(-2)?.eventId },
    });
    const { events: household } = await eventStore.readStream({ category: 'household', id: FLAT });
    expect(household.at(-1)?.event).toStrictEqual({
      type: 'HouseholdRenamed',
      data: { name: 'The Flat', renamedBy: ANN, renamedAt: at(60) },
    });
  });

  it('undoes the named events only', async () => {
    const { undo, toUser, toHousehold, detect, laterEvents } = await setUp();
    await toUser(call);
    await toHousehold(rename);
    await detect();
    expect(await undo(['DisplayNameChanged'])).toStrictEqual([
      ['DisplayNameChanged', 'undone', null],
    ]);
    expect(await laterEvents()).toHaveLength(1);
  });

  it('stores nothing a second time', async () => {
    const { undo, toUser, detect, typesOf } = await setUp();
    await toUser(call);
    await detect();
    await undo(['DisplayNameChanged']);
    expect(await undo(['DisplayNameChanged'])).toStrictEqual([
      ['DisplayNameChanged', 'as_it_was', null],
    ]);
    expect(await typesOf(ANN, 2)).toStrictEqual(['DisplayNameChanged', 'DisplayNameChanged']);
  });

  it('leaves what the user has changed since', async () => {
    const { undo, toUser, detect, typesOf } = await setUp();
    await toUser(call);
    await detect();
    const data = { displayName: 'Annie', now: START };
    await toUser({ type: 'ChangeDisplayName', data }, contextFrom());
    expect(await undo(['DisplayNameChanged'])).toStrictEqual([
      ['DisplayNameChanged', 'changed_since', null],
    ]);
    expect(await typesOf(ANN, 2)).toHaveLength(2);
  });

  it('restores the address, voids the password and ends the sessions', async () => {
    const { undo, stealAddress, openIn, detect, eventsOfUser, sessions } = await setUp();
    await stealAddress();
    await detect();
    await openIn(ANN);
    expect(await undo(['EmailChanged'])).toStrictEqual([['EmailChanged', 'undone', null]]);
    expect((await eventsOfUser(ANN)).slice(4)).toStrictEqual([
      {
        type: 'EmailChanged',
        data: {
          email: 'ann@example.com',
          previous: 'mallory@example.com',
          undo: null,
          undoes: 0,
          previousHeldUntil: null,
          changedAt: at(60),
        },
      },
      {
        type: 'PasswordChanged',
        data: { passwordHash: null, reason: 'admin', changedAt: at(60) },
      },
      {
        type: 'PasswordResetRequested',
        data: {
          email: 'ann@example.com',
          token: mintedToken(3, at(3_660)),
          requestedAt: at(60),
        },
      },
    ]);
    expect(await sessions.unrevokedFamilyIds(ANN)).toStrictEqual([]);
  });
});

describe('undoing what a thief did that is refused', () => {
  it('reports a refusal, and undoes the rest', async () => {
    const { undo, toUser, toHousehold, detect, decide } = await setUp();
    await toUser(call);
    await toHousehold({ type: 'RemoveMember', data: { by: ANN, userId: BEN, now: START } });
    await toHousehold(rename);
    await detect();
    await decide({ type: 'DeleteHousehold', data: { by: ANN, now: START } });
    expect(await undo(['DisplayNameChanged', 'HouseholdRenamed', 'MemberRemoved'])).toStrictEqual([
      ['MemberRemoved', 'refused', 'household_not_found'],
      ['HouseholdRenamed', 'refused', 'household_not_found'],
      ['DisplayNameChanged', 'undone', null],
    ]);
  });

  it('does not mail a link for another password to an address of the thief', async () => {
    const { undo, stealAddress, toUser, detect, typesOf } = await setUp();
    await stealAddress();
    const data = { checkedHash: hashOf(PASSWORD), passwordHash: 'of the thief', now: START };
    await toUser({ type: 'ChangePassword', data });
    await detect();
    expect(await undo(['PasswordChanged'])).toStrictEqual([
      ['PasswordChanged', 'refused', 'address_not_restored'],
    ]);
    expect(await typesOf(ANN, 2)).not.toContain('PasswordResetRequested');
    expect(await undo(['PasswordChanged', 'EmailChanged'])).toStrictEqual([
      ['EmailChanged', 'undone', null],
      ['PasswordChanged', 'undone', null],
    ]);
  });

  it.each(['service_unavailable', 'server_busy', 'concurrent_update'] as const)(
    'passes on an error that goes away by itself: %s',
    async (code) => {
      const { undo, toUser, detect } = await setUp();
      await toUser(call);
      await detect();
      const error = new ApplicationError(code);
      await expect(
        undo(['DisplayNameChanged'], { restoreUser: () => Promise.reject(error) }),
      ).rejects.toBe(error);
    },
  );

  it('is refused where no theft was detected', async () => {
    const { undo } = await setUp();
    await expect(undo([])).rejects.toStrictEqual(new ApplicationError('theft_not_found'));
  });
});
