import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Photograph } from '../../support/adopting/adoption-photograph.ts';
import {
  asAdopted,
  readAdoptedRows,
  readLegacyRows,
  toInstant,
} from '../../support/adopting/adoption-rows.ts';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import {
  type AdoptionMode,
  type AdoptionSubject,
  adoptArguments,
  adoptionModes,
  adoptionSubjects,
} from '../../support/adopting/adoption-subjects.ts';
import { type DumpServer, openDumpServer } from '../../support/adopting/dump-server.ts';
import { loadDump } from '../../support/adopting/legacy-database.ts';
import { dumpProjections } from '../../support/projections/projection-dump.ts';

const DEFAULT_HOUSEHOLD = 'hh_00000000000000000000000000';
type Case = readonly [file: string, mode: AdoptionMode, subject: AdoptionSubject];

const CASES: readonly Case[] = adoptionSubjects.flatMap((subject) =>
  adoptionModes.map((mode) => [subject.file, mode, subject] as const),
);

let server: DumpServer;
beforeAll(async () => {
  server = await openDumpServer();
});
afterAll(() => server.stop());

describe.each(CASES)('when %s is adopted, households %s', (_, mode, subject) => {
  let run: AdoptionRun;
  let before: Photograph;
  let legacy: Awaited<ReturnType<typeof readLegacyRows>>;
  const adopt = adoptArguments(subject, mode);

  beforeAll(async () => {
    run = await openAdoptionRun(server);
    await loadDump(run, subject.file);
    for (const statement of subject.aged) await run.sql(statement);
    legacy = await readLegacyRows(run.database, subject);
    before = await run.photograph();
  });
  afterAll(() => run.drop());

  const expectClean = async (...args: string[]) => {
    const { code, stderr } = await run.command(...args);
    expect({ args, code, stderr: code === 0 ? '' : stderr }).toStrictEqual({
      args,
      code: 0,
      stderr: '',
    });
  };

  it('a dry run changes nothing, and reports what would be done', async () => {
    const { code, stdout } = await run.command(...adopt, '--dry-run', '--json');
    const { outcome, owner, users, tables, problems } = JSON.parse(stdout);
    const { found, idType, passwordHashes, conflicts, unadoptable } = users;
    const named = tables.filter((table: { named: boolean }) => table.named);
    expect({
      code,
      outcome,
      owner,
      found,
      survey: { idType, passwordHashes, conflicts },
      unadoptable,
      problems,
      rows: Object.fromEntries(
        named.map(({ table, rows }: { table: string; rows: number }) => [table, rows]),
      ),
    }).toStrictEqual({
      code: 0,
      outcome: 'dry_run',
      owner: mode === 'default' ? subject.owner : null,
      found: subject.people.length,
      survey: subject.survey,
      unadoptable: [],
      problems: [],
      rows: subject.tables,
    });
    expect(await run.photograph()).toStrictEqual(before);
  });

  it('migrate up and serve are refused before the adoption', async () => {
    for (const command of [['migrate', 'up'], ['serve']]) {
      const { code, stderr } = await run.latchkey(...command);
      expect({ code, stderr }).toStrictEqual({
        code: 1,
        stderr: expect.stringContaining('latchkey adopt'),
      });
    }
    expect(await run.photograph()).toStrictEqual(before);
  });

  it('adopt succeeds', async () => {
    await expectClean(...adopt);
  });

  it('every user has the earlier values', async () => {
    const rows = await run.sql(`SELECT id, username, email, display_name AS "displayName", role,
      is_admin, is_active, tier, email_verified_at, password_hash, to_jsonb(created_at) AS created_at
      FROM users ORDER BY id COLLATE "C"`);
    const adopted = subject.people
      .map((person) => {
        const old = legacy.users?.find(({ id }) => String(id) === person.id);
        return {
          ...person,
          is_admin: person.role === 'admin',
          is_active: true,
          tier: 'free',
          email_verified_at: null,
          password_hash: old?.password_hash ?? null,
          created_at: toInstant(old?.created_at),
        };
      })
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    expect(
      rows.map((row) => ({
        ...row,
        created_at: toInstant((row as typeof row & { created_at: string }).created_at),
      })),
    ).toStrictEqual(adopted);
  });

  it('every row has the earlier values, in a household of its user', async () => {
    expect(await readAdoptedRows(run.database, legacy)).toStrictEqual(asAdopted(subject, legacy));
    for (const table of Object.keys(subject.tables)) {
      const strays = await run.sql(
        `SELECT d.* FROM ${table} AS d WHERE NOT EXISTS (SELECT FROM household_members AS m
          WHERE m.household_id = d.household_id
            AND m.user_id = coalesce(to_jsonb(d)->>'user_id', to_jsonb(d)->>'author_id', m.user_id))`,
      );
      expect({ table, strays }).toStrictEqual({ table, strays: [] });
    }
  });

  it('the households and their members are as the mode requires', async () => {
    const households = await run.sql<{ id: string; owner_id: string; members: number }>(
      `SELECT h.id, owner_id, count(*)::integer AS members FROM households AS h
        JOIN household_members ON household_id = h.id GROUP BY h.id ORDER BY owner_id COLLATE "C"`,
    );
    const people = subject.people.map(({ id }) => id).sort();
    expect(households).toStrictEqual(
      mode === 'default'
        ? [{ id: DEFAULT_HOUSEHOLD, owner_id: subject.owner, members: people.length }]
        : people.map((owner_id) => ({ id: expect.stringMatching(/^hh_/), owner_id, members: 1 })),
    );
    expect(
      await run.sql(`SELECT u.id FROM users AS u LEFT JOIN household_members AS m
        ON m.household_id = u.household_id AND m.user_id = u.id WHERE m.user_id IS NULL`),
    ).toStrictEqual([]);
  });

  it('the tables agree with the events, and a rebuild changes nothing', async () => {
    await expectClean('projections', 'verify');
    const live = await dumpProjections(run.database);
    const users = await run.sql('SELECT to_jsonb(u) AS row FROM users AS u ORDER BY id');
    await expectClean('projections', 'rebuild');
    await expectClean('projections', 'verify');
    expect(await dumpProjections(run.database)).toStrictEqual(live);
    expect(await run.sql('SELECT to_jsonb(u) AS row FROM users AS u ORDER BY id')).toStrictEqual(
      users,
    );
  });

  it('a second adopt changes nothing', async () => {
    const adopted = await run.photograph();
    await expectClean(...adopt);
    expect(await run.photograph()).toStrictEqual(adopted);
  });

  it('adopt drift reports no difference', () => expectClean('adopt', 'drift'));

  it('migrate down is refused, as it would drop tables of the old application', async () => {
    const adopted = await run.photograph();
    for (const down of [['down'], ['down', '--all']]) {
      const { code, stderr } = await run.command('migrate', ...down);
      expect({ code, stderr }).toStrictEqual({
        code: 1,
        stderr: expect.stringContaining('latchkey adopt rollback'),
      });
    }
    expect(await run.photograph()).toStrictEqual(adopted);
  });

  it('adopt rollback restores the database byte for byte', async () => {
    await expectClean('adopt', 'rollback');
    expect(await run.photograph()).toStrictEqual(before);
  });

  it('the database can be adopted and rolled back again', async () => {
    await expectClean(...adopt);
    expect(await readAdoptedRows(run.database, legacy)).toStrictEqual(asAdopted(subject, legacy));
    await expectClean('projections', 'verify');
    await expectClean('adopt', 'rollback');
    expect(await run.photograph()).toStrictEqual(before);
  });
});
