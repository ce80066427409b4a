import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { dumpProjections } from '../../support/projections/projection-dump.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../support/servers/composed-system.ts';
import { PASSWORD } from '../../support/servers/http-client.ts';

let system: ComposedSystem;
let erased: string;
let keys: readonly object[];
beforeAll(async () => {
  system = await openComposedSystem();
  const { registerUser } = system.get(tokens.http).registration;
  const join = async (name: string) => {
    const account = { email: `${name}@example.com`, password: PASSWORD, displayName: name };
    return (await registerUser(account, visitor)).user.id;
  };
  erased = await join('ann');
  await join('ben');
  keys = await system.sql('SELECT * FROM subject_keys ORDER BY subject_id');
  await system.get(tokens.eraseUser)({ userId: erased, granted: null }, visitor);
});
afterAll(() => system?.close());

const run = async (how: 'verify' | 'rebuild') =>
  (await system.get(tokens.projections)[how](allTables, () => undefined)).drift;
const dump = () => dumpProjections(system.get(tokens.database));

describe('a rebuild after the erasure of a user', () => {
  it('finds no drift in tables that name the user only in revoked tokens', async () => {
    const naming = Object.entries(await dump()).flatMap(([table, rows]) =>
      rows.some((row) => row.includes(erased)) ? [table] : [],
    );
    expect(naming).toStrictEqual(['revoked_tokens']);
    expect(await run('verify')).toStrictEqual([]);
  });

  it('restores nothing of the user, even with later events and keys from a backup', async () => {
    const before = await dump();
    // Moved to the end, as if the erasure had been committed before the sign-in.
    await system.sql(
      `UPDATE events SET transaction_id = pg_current_xact_id(), global_position = global_position + 1000
        WHERE stream_id LIKE 'tokenFamily-%' AND data->>'userId' = $1`,
      erased,
    );
    const kept = await system.sql('SELECT * FROM subject_keys ORDER BY subject_id');
    await system.sql(
      `INSERT INTO subject_keys SELECT * FROM jsonb_populate_recordset(NULL::subject_keys, $1)
        ON CONFLICT DO NOTHING`,
      JSON.stringify(keys),
    );
    await system.sql("UPDATE users SET role = 'admin'");
    expect(await run('rebuild')).toHaveLength(1);
    expect(await dump()).toStrictEqual(before);
    expect(await system.sql('SELECT * FROM subject_keys ORDER BY subject_id')).toStrictEqual(kept);
    expect(kept.length).toBeLessThan(keys.length);
    expect(await run('verify')).toStrictEqual([]);
  });
});
