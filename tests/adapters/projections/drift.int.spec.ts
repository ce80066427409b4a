import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { householdAggregate } from '../../../src/application/kernel/aggregate.ts';
import { projectedTables } from '../../../src/application/projections/projected-tables.ts';
import type { Drift } from '../../../src/application/projections/projection-rebuilder.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { policy } from '../../support/events/household-fixtures.ts';
import { plantedDrift, type Resident } from '../../support/projections/planted-drift.ts';
import { dumpProjections } from '../../support/projections/projection-dump.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../support/servers/composed-system.ts';

let system: ComposedSystem;
let ann: Resident & { refreshToken: string };
let ben: Resident & { refreshToken: string };

/** Ann and Ben have unverified addresses and no verification mail. */
const invite = async (householdId: string, by: string): Promise<string> => {
  const now = system.get(tokens.clock).now();
  const invitationId = system.get(tokens.ids).invitationId();
  const token = system.get(tokens.oneTimeTokens).issue('household_invitation', now);
  const addressHashes = system.get(tokens.hashAddress)('cid@example.com');
  const wish = { by, invitationId, addressHashes, role: 'viewer', token, mailed: true } as const;
  const command = { type: 'InviteMember', data: { ...wish, policy, now } } as const;
  await system.get(tokens.commands).execute(householdAggregate, householdId, command, visitor);
  return invitationId;
};

const join = async (name: string) => {
  const account = { email: `${name}@example.com`, username: name, displayName: name };
  const { registerUser } = system.get(tokens.http).registration;
  const pair = await registerUser({ ...account, password: 'a horse on a staircase' }, visitor);
  const { user, sessionId: family, refreshToken } = pair;
  const home = user.household?.id ?? '';
  const invitation = await invite(home, user.id);
  return { id: user.id, family, home, invitation, refreshToken };
};

const inOrder = (drift: readonly Drift[]): readonly Drift[] => {
  const place = ({ table, key, column }: Drift) => JSON.stringify([table, key, column]);
  return [...drift].sort((a, b) => place(a).localeCompare(place(b)));
};

const dump = () => dumpProjections(system.get(tokens.database));
const verify = async () =>
  inOrder((await system.get(tokens.projections).verify(allTables, () => undefined)).drift);
const rebuild = async () =>
  inOrder((await system.get(tokens.projections).rebuild(allTables, () => undefined)).drift);

beforeAll(async () => {
  system = await openComposedSystem();
  ann = await join('ann');
  ben = await join('ben');
  const { endSession, rotateRefreshToken } = system.get(tokens.http);
  await endSession({ userId: ann.id, sessionId: ann.family }, visitor);
  await rotateRefreshToken(ben.refreshToken, visitor);
  for (const { name, columns } of projectedTables) {
    await system.sql(`CREATE TABLE saved_${name} AS SELECT ${columns} FROM ${name}`);
  }
});
beforeEach(() =>
  system.get(tokens.database).transaction(async (connection) => {
    await connection.query({
      text: 'TRUNCATE users, households, identifier_claims, revoked_tokens CASCADE',
    });
    for (const { name, columns } of projectedTables) {
      const text = `INSERT INTO ${name} (${columns}) SELECT * FROM saved_${name}`;
      await connection.query({ text });
    }
  }),
);
afterAll(() => system?.close());

describe('unchanged tables', () => {
  it('show no drift, and a rebuild leaves every row unchanged', async () => {
    const before = await dump();
    expect(await verify()).toStrictEqual([]);
    expect(await rebuild()).toStrictEqual([]);
    expect(await dump()).toStrictEqual(before);
  });
});

describe('tables that were changed without events', () => {
  it.each(plantedDrift)('show drift, and a rebuild repairs it: $name', async ({ plant, drift }) => {
    const before = await dump();
    for (const text of plant(ann, ben)) await system.sql(text);
    const broken = await dump();
    expect(broken).not.toStrictEqual(before);
    const expected = inOrder(drift(ann, ben));

    expect(await verify()).toStrictEqual(expected);
    expect(await dump()).toStrictEqual(broken);
    expect(await rebuild()).toStrictEqual(expected);
    expect(await dump()).toStrictEqual(before);
    expect(await verify()).toStrictEqual([]);
  });

  it('show drift if every row is missing', async () => {
    const before = await dump();
    await system.sql('TRUNCATE users, households, identifier_claims, revoked_tokens CASCADE');
    const lost = Object.values(before).flat().length;
    expect(await verify()).toHaveLength(lost);
    expect(await rebuild()).toHaveLength(lost);
    expect(await dump()).toStrictEqual(before);
  });
});

describe('a rebuild of one table', () => {
  it('leaves the others unchanged, and does not mark them as current', async () => {
    const projections = system.get(tokens.projections);
    await system.sql("UPDATE projection_checkpoints SET status = 'rebuild_required'");
    await system.sql("UPDATE sessions SET revoked_reason = 'made up' WHERE id = $1", ann.family);
    await system.sql("UPDATE users SET role = 'admin' WHERE id = $1", ann.id);
    const report = await projections.rebuild(['sessions'], () => undefined);
    expect(report.drift.map(({ table, column }) => [table, column])).toStrictEqual([
      ['sessions', 'revoked_reason'],
    ]);
    expect(await verify()).toStrictEqual([
      { table: 'users', key: { id: ann.id }, column: 'role', live: 'admin', rebuilt: 'user' },
    ]);
    expect((await projections.status()).status).toBe('rebuild_required');
    await rebuild();
    expect((await projections.status()).status).toBe('current');
  });
});
