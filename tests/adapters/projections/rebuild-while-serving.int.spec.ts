import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProjectionRebuilder } from '../../../src/adapters/projections/rebuild.ts';
import { projectEvent } from '../../../src/application/projections/project-event.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import { dumpProjections } from '../../support/projections/projection-dump.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
  visitor,
} from '../../support/servers/composed-system.ts';
import { openRawSession } from '../../support/servers/raw-session.ts';

let system: ComposedSystem;
let userId: string;
let renames: number;

beforeEach(async () => {
  system = await openComposedSystem();
  const account = {
    email: 'ann@example.com',
    password: 'a horse on a staircase',
    displayName: 'Ann',
  };
  const { user } = await system.get(tokens.http).registration.registerUser(account, visitor);
  userId = user.id;
  renames = 0;
});
afterEach(() => system?.close());

const rename = async (): Promise<void> => {
  renames += 1;
  await system.get(tokens.http).changeProfile(userId, { displayName: `Ann ${renames}` }, visitor);
};
const profile = () => system.get(tokens.users).findProfile(userId);
const countEvents = async () => (await system.sql('SELECT FROM events')).length;
const verify = async () =>
  (await system.get(tokens.projections).verify(allTables, () => undefined)).drift;

const plantDrift = () => system.sql("UPDATE users SET role = 'admin'");
const found = [
  {
    table: 'users',
    key: { id: expect.any(String) },
    column: 'role',
    live: 'admin',
    rebuilt: 'user',
  },
];

type Pauses = Readonly<{
  /** After the first reading of the log, while the service keeps writing. */
  afterReading?: () => Promise<void>;
  /** After the rest was read, while appends are blocked. */
  afterCatchingUp?: () => Promise<void>;
  /** After the repair, before its commit. */
  beforeCommit?: () => Promise<void>;
}>;

/** The rebuild on a real database, paused where a test acts. */
const rebuild = ({ afterReading, afterCatchingUp, beforeCommit }: Pauses) => {
  const database = system.get(tokens.database);
  const openSource = system.get(tokens.openRebuildSource);
  const rebuilder = createProjectionRebuilder({
    database: {
      ...database,
      session: (work) =>
        database.session((connection) =>
          work({
            ...connection,
            query: async (statement) => {
              if (statement.text === 'COMMIT') await beforeCommit?.();
              return connection.query(statement);
            },
          }),
        ),
    },
    project: projectEvent,
    openSource: async (connection, repair) => {
      const source = await openSource(connection, repair);
      return {
        ...source,
        readAll: async (take) => {
          await source.readAll(take);
          await afterReading?.();
        },
        readRest: async (take) => {
          await source.readRest(take);
          await afterCatchingUp?.();
        },
      };
    },
  });
  return rebuilder.rebuild(allTables, () => undefined);
};

/** How many sessions wait for a lock. */
const waiting = async (): Promise<number> => {
  const held = await system.sql(
    `SELECT FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return held.length;
};

const killRebuild = async (): Promise<void> => {
  const killed = await system.sql(
    // Waits until the session has ended, and its lock with it.
    `SELECT pg_terminate_backend(pid, 10_000) FROM pg_locks JOIN pg_database AS d ON d.oid = database
      WHERE locktype = 'advisory' AND granted AND datname = current_database()`,
  );
  expect(killed).toHaveLength(1);
};

describe('a rebuild while the service is in use', () => {
  it('loses no event that clients append meanwhile', async () => {
    await plantDrift();
    let done = false;
    const others = ['ben', 'eve', 'kim'].map(async (name) => {
      const { registration, rotateRefreshToken } = system.get(tokens.http);
      const account = { email: `${name}@example.com`, displayName: name };
      let { refreshToken } = await registration.registerUser(
        { ...account, password: 'a horse, a horse' },
        visitor,
      );
      for (let n = 0; n < 5 || !done; n += 1) {
        ({ refreshToken } = await rotateRefreshToken(refreshToken, visitor));
      }
    });
    const before = await countEvents();
    const report = await rebuild({
      afterReading: () =>
        eventually(async () => (await countEvents()) > before + 20, 'others append'),
    });
    done = true;
    await Promise.all(others);
    expect(report.drift).toStrictEqual(found);
    expect(report.events).toBeGreaterThan(before + 20);
    expect(await verify()).toStrictEqual([]);
  });

  it('reads events that were appended after the first reading', async () => {
    const report = await rebuild({ afterReading: rename });
    expect(report).toStrictEqual({ events: 5, drift: [] });
    expect(await profile()).toMatchObject({ displayName: 'Ann 1' });
  });

  it('lets readers pass and blocks writers while it compares', async () => {
    let written: Promise<void> | undefined;
    const report = await rebuild({
      afterCatchingUp: async () => {
        written = rename();
        await eventually(async () => (await waiting()) === 1, 'the writer waits');
        expect(await profile()).toMatchObject({ displayName: 'Ann' });
        expect(await system.get(tokens.accounts).findById(userId)).toMatchObject({ active: true });
      },
    });
    await written;
    expect(report).toStrictEqual({ events: 4, drift: [] });
    expect(await profile()).toMatchObject({ displayName: 'Ann 1' });
    expect(await verify()).toStrictEqual([]);
  });

  it('waits for an append in progress, and includes it', async () => {
    const other = await openRawSession(system.connectionString);
    try {
      await other.query('BEGIN');
      await other.query('SELECT FROM users FOR UPDATE');
      const written = rename();
      await eventually(async () => (await waiting()) === 1, 'the append waits for its row');
      const rebuilt = rebuild({});
      await eventually(async () => (await waiting()) === 2, 'the rebuild waits for the append');
      await other.query('COMMIT');
      expect(await rebuilt).toStrictEqual({ events: 5, drift: [] });
      await written;
    } finally {
      await other.end();
    }
  });

  it('reads all events despite an open transaction in another database', async () => {
    const other = await openRawSession(system.connectionString);
    try {
      await other.query('BEGIN');
      await other.query('SELECT pg_current_xact_id()');
      await rename();
      await plantDrift();
      expect(await rebuild({})).toStrictEqual({ events: 5, drift: found });
      expect(await verify()).toStrictEqual([]);
    } finally {
      await other.end();
    }
  });

  it('is refused while another one runs, and possible again afterwards', async () => {
    const refused = { name: 'ApplicationError', code: 'rebuild_running' };
    await rebuild({
      afterReading: async () => {
        await expect(rebuild({})).rejects.toMatchObject(refused);
        await expect(verify()).rejects.toMatchObject(refused);
      },
    });
    expect(await rebuild({})).toStrictEqual({ events: 4, drift: [] });
  });
});

describe('a rebuild whose session is killed', () => {
  it.each<keyof Pauses>(['afterReading', 'afterCatchingUp', 'beforeCommit'])(
    'leaves the tables unchanged: %s',
    async (moment) => {
      await plantDrift();
      await rename();
      const before = await dumpProjections(system.get(tokens.database));
      await expect(rebuild({ [moment]: killRebuild })).rejects.toMatchObject({
        code: 'service_unavailable',
      });
      expect(await dumpProjections(system.get(tokens.database))).toStrictEqual(before);
      await rename();
      expect((await rebuild({})).drift).toStrictEqual(found);
      expect(await verify()).toStrictEqual([]);
      expect(await profile()).toMatchObject({ displayName: 'Ann 2', role: 'user' });
    },
  );
});

describe('a running rebuild', () => {
  it('reports its progress up to the end', async () => {
    for (let n = 0; n < 4; n += 1) await rename();
    const seen: [number, number][] = [];
    const projections = system.get(tokens.projections);
    await projections.verify(allTables, (events, total) => seen.push([events, total]));
    expect(seen.at(-1)).toStrictEqual([8, 8]);
    for (const [events, total] of seen) expect(events).toBeLessThanOrEqual(total);
  });
});
