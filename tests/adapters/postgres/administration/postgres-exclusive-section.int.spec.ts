import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPostgresExclusiveSection } from '../../../../src/adapters/postgres/administration/postgres-exclusive-section.ts';
import {
  createDatabase,
  type Database,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import type { ExclusiveSection } from '../../../../src/application/administration/exclusive-section.ts';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';
import { times } from '../../../support/servers/running-app.ts';

let database: OpenDatabase;
const processes: Database[] = [];
let sections: readonly ExclusiveSection[];

beforeAll(async () => {
  database = await openTestDatabase();
  const { connectionString } = database;
  processes.push(
    // Two connections are fewer than the waiting tasks.
    createDatabase({ connectionString, maxConnections: 2 }),
    createDatabase({ connectionString, maxConnections: 2 }),
  );
  sections = processes.map(createPostgresExclusiveSection);
});
afterAll(async () => {
  for (const each of processes) await each.close();
  await database?.drop();
});

/** Alternates between the two processes. */
const enter = <Result>(n: number, work: () => Promise<Result>): Promise<Result> => {
  const section = sections[n % sections.length];
  if (section === undefined) throw new TypeError('there is a section');
  return section('administrators', work);
};

describe('twenty tasks in one section, from two processes', () => {
  it('never overlap, and all complete', async () => {
    let inside = 0;
    let most = 0;
    const done = await times(20, (n) =>
      enter(n, async () => {
        inside += 1;
        most = Math.max(most, inside);
        // The task uses the pool of the same process.
        await processes[n % 2]?.query({ text: 'SELECT pg_sleep(0.005)' });
        inside -= 1;
        return n;
      }),
    );
    expect(most).toBe(1);
    expect(done).toStrictEqual(Array.from({ length: 20 }, (_, n) => n));
  });
});

describe('a task that fails', () => {
  it('reports its error, and the next task runs', async () => {
    const failures = await Promise.allSettled(
      [0, 1, 2, 3].map((n) =>
        enter(n, async () => {
          throw new ApplicationError('last_admin');
        }),
      ),
    );
    expect(failures).toStrictEqual(
      Array(4).fill({ status: 'rejected', reason: new ApplicationError('last_admin') }),
    );
    expect(await enter(0, async () => 'inside')).toBe('inside');
    expect(await enter(1, async () => 'inside')).toBe('inside');
  });

  it('leaves no lock and no connection behind', async () => {
    await enter(0, async () => undefined);
    const held = await database.sql(
      `SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database
        WHERE datname = current_database() AND locktype = 'advisory' AND classid = 7153424`,
    );
    expect(held).toStrictEqual([]);
  });
});

describe('when the database cannot be reached', () => {
  it('the section fails, and the task is not run', async () => {
    const away = createDatabase({ connectionString: 'postgres://nobody@127.0.0.1:1/nowhere' });
    let done = false;
    await expect(
      createPostgresExclusiveSection(away)('administrators', async () => {
        done = true;
      }),
    ).rejects.toMatchObject({ name: 'ApplicationError', code: 'service_unavailable' });
    expect(done).toBe(false);
    await away.close();
  });
});
