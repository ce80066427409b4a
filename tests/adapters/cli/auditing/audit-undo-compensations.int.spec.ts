import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { householdAggregate, userAggregate } from '../../../../src/application/kernel/aggregate.ts';
import type { RequestContext } from '../../../../src/application/kernel/request-context.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import type { HouseholdCommand } from '../../../../src/domain/household/household-commands.ts';
import type { UserCommand } from '../../../../src/domain/user/user-commands.ts';
import {
  driftOf,
  refresh,
  type SignedInUser,
  signUp,
} from '../../../support/event-log/two-stores.ts';
import { addressHash } from '../../../support/events/household-event-fixtures.ts';
import { issuedToken } from '../../../support/events/user-fixtures.ts';
import {
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';

const operator: RequestContext = { ...visitor, actor: 'cli:root' };
const thiefsClient = { ip: '203.0.113.9', userAgent: 'Thief/1.0' };

let system: ComposedSystem;
beforeAll(async () => {
  system = await openComposedSystem();
});
afterAll(() => system.close());

type Action = (thief: RequestContext) => Promise<unknown>;

/** A thief performs `actions` with an access token of the victim's session, and is detected. */
const steal = async (victim: SignedInUser, ...actions: readonly Action[]): Promise<void> => {
  const { rotateRefreshToken } = system.get(tokens.http);
  const thief = { ...visitor, client: thiefsClient };
  await rotateRefreshToken(victim.refreshToken, thief);
  const context = { ...thief, actor: victim.id, jti: `${victim.sessionId}.1` };
  for (const action of actions) await action(context);
  await expect(refresh(system, victim)).rejects.toMatchObject({ code: 'refresh_token_reused' });
};

const user =
  (id: string, command: Partial<UserCommand>): Action =>
  (context) =>
    system
      .get(tokens.commands)
      .execute(
        userAggregate,
        id,
        { ...command, data: { now: new Date().toISOString(), ...command.data } } as UserCommand,
        context,
      );

const inHousehold =
  (id: string, type: HouseholdCommand['type'], data: object): Action =>
  (context) =>
    system
      .get(tokens.commands)
      .execute(
        householdAggregate,
        id,
        { type, data: { now: new Date().toISOString(), ...data } } as HouseholdCommand,
        context,
      );

/** Undoes everything twice; the second time nothing is left to do. @returns the outcomes */
const undo = async (victim: SignedInUser): Promise<readonly (readonly [string, string])[]> => {
  const { proposal } = await system.get(tokens.proposeUndo)({ familyId: victim.sessionId });
  const ids = proposal.events.map(({ eventId }) => eventId);
  const apply = () => system.get(tokens.applyUndo)({ familyId: victim.sessionId }, ids, operator);
  const done = await apply();
  const events = async () => (await system.sql('SELECT FROM events')).length;
  const before = await events();
  const again = await apply();
  expect(again.some(({ outcome }) => outcome === 'undone')).toBe(false);
  expect(await events()).toBe(before);
  return done.map(({ type, outcome }) => [type, outcome]);
};

const members = (id: string) =>
  system.sql<{ user_id: string; role: string }>(
    'SELECT user_id, role FROM household_members WHERE household_id = $1 ORDER BY role',
    id,
  );

/** A household of the victim, with another member. */
const flatOf = async (
  victim: SignedInUser,
): Promise<Readonly<{ id: string; other: SignedInUser }>> => {
  const other = await signUp(system);
  const id = system.get(tokens.ids).householdId();
  const owner = { ...visitor, actor: victim.id };
  await inHousehold(id, 'CreateHousehold', { name: 'Flat', ownerId: victim.id, home: false })(
    owner,
  );
  await inHousehold(id, 'AddMember', { userId: other.id, role: 'member', home: false })(owner);
  return { id, other };
};

describe('when the session ended before a theft was detected', () => {
  it('undoes the actions from the generation that --from-generation names', async () => {
    const victim = await signUp(system);
    const [propose, apply] = [system.get(tokens.proposeUndo), system.get(tokens.applyUndo)];
    const rename = async (name: string, jti: string) =>
      user(victim.id, { type: 'ChangeDisplayName', data: { displayName: name } as never })({
        ...visitor,
        actor: victim.id,
        jti: `${victim.sessionId}.${jti}`,
      });
    await rename('Ann B.', '0');
    await refresh(system, victim);
    await rename('Mallory', '1');
    const familyId = victim.sessionId;
    await expect(propose({ familyId })).rejects.toMatchObject({ code: 'theft_not_found' });
    const { proposal } = await propose({ familyId, fromGeneration: 1 });
    expect(proposal.events.map(({ type, state }) => [type, state])).toStrictEqual([
      ['DisplayNameChanged', 'open'],
    ]);
    const ids = proposal.events.map(({ eventId }) => eventId);
    await apply({ familyId, fromGeneration: 1 }, ids, operator);
    const [row] = await system.sql('SELECT display_name FROM users WHERE id = $1', victim.id);
    expect(row).toStrictEqual({ display_name: 'Ann B.' });
    expect((await propose({ familyId, fromGeneration: 2 })).proposal.events).toStrictEqual([]);
  });
});

describe('when a thief has changed an account', () => {
  it('restores username, role, tier and account status', async () => {
    const victim = await signUp(system);
    const other = await signUp(system);
    const name = (username: string) =>
      user(victim.id, { type: 'ChangeUsername', data: { username } as never });
    await name('ann.before')({ ...visitor, actor: victim.id });
    await steal(
      victim,
      name('ann.after'),
      user(victim.id, { type: 'ChangeTier', data: { tier: 'member' } as never }),
      user(victim.id, { type: 'ChangeRole', data: { role: 'admin' } as never }),
      user(other.id, { type: 'DeactivateUser' }),
    );
    expect(await undo(victim)).toStrictEqual([
      ['UsernameChanged', 'undone'],
      ['TierChanged', 'undone'],
      ['RoleChanged', 'refused'],
      ['UserDeactivated', 'undone'],
    ]);
    const row =
      'SELECT username, tier, is_active FROM users WHERE id = ANY($1) ORDER BY created_at';
    expect(await system.sql(row, [victim.id, other.id])).toStrictEqual([
      { username: 'ann.before', tier: 'free', is_active: true },
      { username: null, tier: 'free', is_active: true },
    ]);
  });

  it('invalidates the password and ends every session', async () => {
    const victim = await signUp(system);
    const [before] = await system.sql<{ hash: string }>(
      'SELECT password_hash AS hash FROM users WHERE id = $1',
      victim.id,
    );
    const data = { checkedHash: before?.hash ?? '', passwordHash: '$argon2id$thief' };
    await steal(victim, user(victim.id, { type: 'ChangePassword', data: data as never }));
    expect(await undo(victim)).toStrictEqual([['PasswordChanged', 'undone']]);
    const row = 'SELECT password_hash FROM users WHERE id = $1';
    expect(await system.sql(row, victim.id)).toStrictEqual([{ password_hash: null }]);
    const sessions = await system.get(tokens.sessions).unrevokedFamilyIds(victim.id);
    expect(sessions).toStrictEqual([]);
  });

  it('does not restore a username that another user has taken since, but undoes the other changes', async () => {
    const victim = await signUp(system);
    const wanted = `wanted.${victim.sessionId.slice(-6)}`;
    const change = system.get(tokens.http).changeProfile;
    await change(victim.id, { username: wanted }, { ...visitor, actor: victim.id });
    await steal(
      victim,
      (thief) => change(victim.id, { username: `${wanted}.gone` }, thief),
      (thief) => change(victim.id, { displayName: 'Owned' }, thief),
    );
    const other = await signUp(system);
    await change(other.id, { username: wanted }, { ...visitor, actor: other.id });
    expect(await undo(victim)).toStrictEqual([
      ['UsernameChanged', 'refused'],
      ['DisplayNameChanged', 'undone'],
    ]);
  });
});

describe('when a thief has changed a household', () => {
  it('adds a removed member again with the earlier role', async () => {
    const victim = await signUp(system);
    const { id, other } = await flatOf(victim);
    const by = victim.id;
    await steal(
      victim,
      inHousehold(id, 'ChangeMemberRole', { by, userId: other.id, role: 'viewer' }),
      inHousehold(id, 'RemoveMember', { by, userId: other.id }),
    );
    expect(await undo(victim)).toStrictEqual([
      ['MemberRoleChanged', 'undone'],
      ['MemberRemoved', 'undone'],
    ]);
    expect(await members(id)).toStrictEqual([
      { user_id: other.id, role: 'member' },
      { user_id: victim.id, role: 'owner' },
    ]);
  });

  it('restores the ownership, even where the owner has left since', async () => {
    const victim = await signUp(system);
    const { id, other } = await flatOf(victim);
    await steal(
      victim,
      inHousehold(id, 'TransferOwnership', { by: victim.id, to: other.id }),
      inHousehold(id, 'RemoveMember', { by: victim.id, userId: victim.id }),
    );
    expect(await undo(victim)).toStrictEqual([
      ['OwnershipTransferred', 'undone'],
      ['MemberRemoved', 'undone'],
    ]);
    expect(await members(id)).toStrictEqual([
      { user_id: other.id, role: 'member' },
      { user_id: victim.id, role: 'owner' },
    ]);
  });

  it('revokes an open invitation, and reports what cannot be undone', async () => {
    const victim = await signUp(system);
    const { id } = await flatOf(victim);
    const { id: gone } = await flatOf(victim);
    const invitation = {
      by: victim.id,
      invitationId: system.get(tokens.ids).invitationId(),
      addressHashes: [addressHash],
      role: 'member',
      token: issuedToken(1, '2999-01-01T00:00:00.000Z'),
      mailed: false,
      policy: { maxMembers: 9, maxOpenInvitations: 9, maxSendings: 9, resendSeconds: 9 },
    };
    await steal(
      victim,
      inHousehold(id, 'InviteMember', invitation),
      inHousehold(gone, 'DeleteHousehold', { by: victim.id }),
    );
    expect(await undo(victim)).toStrictEqual([
      ['MemberInvited', 'undone'],
      ['HouseholdDeleted', 'not_undoable'],
    ]);
    const household = await system.get(tokens.commands).load(householdAggregate, id);
    expect(household).toMatchObject({ status: 'existing', invitations: [] });
  });
});

describe('when every action was undone', () => {
  it('the tables agree with the log', async () => {
    expect(await driftOf(system)).toStrictEqual([]);
  });
});
