import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createPostgresInvitationAddresses,
  createPostgresInvitationDirectory,
  type PostgresInvitationAddresses,
} from '../../../../src/adapters/postgres/households/postgres-invitation-directory.ts';
import type { InvitationDirectory } from '../../../../src/application/households/invitation-directory.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

const NOW = '2026-02-01T00:00:00.000Z';
const EARLIER = '2026-01-31T23:59:59.999Z';
const LATER = '2026-02-01T00:00:00.001Z';

let database: OpenDatabase;
let invitations: InvitationDirectory;
let addresses: PostgresInvitationAddresses;

beforeAll(async () => {
  database = await openTestDatabase();
  invitations = createPostgresInvitationDirectory(database);
  addresses = createPostgresInvitationAddresses(database);
  await database.sql(
    `INSERT INTO users (id, role, tier, is_active, created_at, updated_at)
      VALUES ('user_ann', 'user', 'free', true, now(), now())`,
  );
  await database.sql(
    `INSERT INTO households (id, name, owner_id, created_at, updated_at)
      VALUES ('hh_1', 'One', 'user_ann', now(), now()), ('hh_2', 'Two', 'user_ann', now(), now())`,
  );
});
afterAll(() => database?.drop());
beforeEach(() => database.sql('TRUNCATE household_invitations, invitation_addresses'));

const hashOf = (id: string) => id.padEnd(64, '0');

type Invitation = Readonly<{ household?: string; createdAt?: string; expiresAt?: string }>;

const invite = (
  id: string,
  { household = 'hh_1', createdAt = EARLIER, expiresAt = LATER }: Invitation = {},
) =>
  database.sql(
    `INSERT INTO household_invitations
        (id, household_id, address_hash, role, invited_by, token_hash, created_at, expires_at)
      VALUES ($1, $2, $3, 'viewer', 'user_ann', $3, $4, $5)`,
    id,
    household,
    hashOf(id),
    createdAt,
    expiresAt,
  );

const idsOf = async (household: string) =>
  (await invitations.listOpen(household, NOW)).map(({ id }) => id);

describe('an invitation', () => {
  it('is found by the hash of its token, with its household', async () => {
    await invite('inv_a');
    await invite('inv_b', { household: 'hh_2' });
    expect(await invitations.findByToken(hashOf('inv_b'))).toStrictEqual({
      invitationId: 'inv_b',
      householdId: 'hh_2',
    });
    expect(await invitations.findByToken(hashOf('inv_c'))).toBeUndefined();
  });

  it('is found when it has expired, since the stream decides on its validity', async () => {
    await invite('inv_a', { expiresAt: EARLIER });
    expect(await invitations.findByToken(hashOf('inv_a'))).toStrictEqual({
      invitationId: 'inv_a',
      householdId: 'hh_1',
    });
  });
});

describe('the open invitations of a household', () => {
  it('are listed with their address if it is known', async () => {
    await invite('inv_a');
    await addresses.remember('inv_a', 'ben@example.com');
    const row = { id: 'inv_a', role: 'viewer', invitedBy: 'user_ann' };
    const times = { createdAt: EARLIER, expiresAt: LATER };
    expect(await invitations.listOpen('hh_1', NOW)).toStrictEqual([
      { ...row, email: 'ben@example.com', ...times },
    ]);
    await addresses.forget(['inv_a']);
    expect(await invitations.listOpen('hh_1', NOW)).toStrictEqual([
      { ...row, email: null, ...times },
    ]);
  });

  it('are listed newest first', async () => {
    await invite('inv_b');
    await invite('inv_a');
    await invite('inv_c', { createdAt: '2026-01-01T00:00:00.000Z' });
    expect(await idsOf('hh_1')).toStrictEqual(['inv_b', 'inv_a', 'inv_c']);
  });

  it('exclude those of another household and expired ones', async () => {
    await invite('inv_a', { household: 'hh_2' });
    await invite('inv_b', { expiresAt: NOW });
    expect([await idsOf('hh_1'), await idsOf('hh_2')]).toStrictEqual([[], ['inv_a']]);
  });
});

describe('the address of an invitation', () => {
  it('is found until it is deleted', async () => {
    await addresses.remember('inv_a', 'ben@example.com');
    await addresses.remember('inv_b', 'ben@example.com');
    await addresses.forget(['inv_b', 'inv_c']);
    expect([await addresses.find('inv_a'), await addresses.find('inv_b')]).toStrictEqual([
      'ben@example.com',
      undefined,
    ]);
  });

  it('is deleted after an hour unless its invitation is open', async () => {
    const remembered = ['inv_open', 'inv_over', 'inv_gone', 'inv_new'];
    for (const id of remembered) await addresses.remember(id, 'ben@example.com');
    await invite('inv_open', { expiresAt: '2999-01-01T00:00:00.000Z' });
    await invite('inv_over');
    await database.sql(
      "UPDATE invitation_addresses SET created_at = now() - interval '61 minutes' WHERE invitation_id <> 'inv_new'",
    );
    expect(await addresses.removeSuperfluous()).toBe(2);
    const left = await Promise.all(remembered.map((id) => addresses.find(id)));
    expect(left.map((email) => email !== undefined)).toStrictEqual([true, false, false, true]);
    expect(await addresses.removeSuperfluous()).toBe(0);
  });
});
