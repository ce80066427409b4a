import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  createDatabase,
  type Database,
} from '../../../../src/adapters/postgres/connection/connection.ts';
import { createPostgresSingleRunner } from '../../../../src/adapters/postgres/connection/postgres-single-runner.ts';
import { eventually } from '../../../support/kernel/eventually.ts';
import { type OpenDatabase, openTestDatabase } from '../../../support/servers/open-database.ts';

let database: OpenDatabase;
const opened: Database[] = [];
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  database = await openTestDatabase();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  for (const each of opened.splice(0)) await each.close();
});
afterAll(() => database?.drop());

/** A separate process with its own connection. */
const startRunner = (work: (signal: AbortSignal) => Promise<void>) => {
  const own = createDatabase({ connectionString: database.connectionString });
  opened.push(own);
  const runner = createPostgresSingleRunner(own)('mail', work);
  stops.push(runner.stop);
  return runner;
};

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve());
  });

/** Work that runs until it is aborted and records its events. */
const createWorker = (name: string, log: string[]) => async (signal: AbortSignal) => {
  log.push(`${name} begins`);
  await untilAborted(signal);
  log.push(`${name} ends`);
};

// Other tests share the server, whose locks are listed for all databases.
const HOLDER = `SELECT pid FROM pg_locks JOIN pg_database AS d ON d.oid = database
  WHERE datname = current_database() AND locktype = 'advisory' AND classid = 7153425 AND granted`;
const WAITER = `SELECT FROM pg_stat_activity WHERE datname = current_database()
  AND query LIKE 'SELECT pg_try_advisory_lock%'`;

const killHolder = async () => {
  const killed = await database.sql(`SELECT pg_terminate_backend(pid) FROM (${HOLDER}) AS holder`);
  expect(killed).toHaveLength(1);
};

const bothConnected = () =>
  eventually(async () => (await database.sql(WAITER)).length > 0, 'the other one stands by');

describe('two runners on one database', () => {
  const startBoth = async () => {
    const log: string[] = [];
    const first = startRunner(createWorker('first', log));
    await eventually(() => log.length === 1, 'the first one runs');
    startRunner(createWorker('second', log));
    await bothConnected();
    return { log, first };
  };

  it('run one at a time; the other takes over when it stops', async () => {
    const { log, first } = await startBoth();
    expect(log).toStrictEqual(['first begins']);
    await first.stop();
    expect(log.slice(0, 2)).toStrictEqual(['first begins', 'first ends']);
    await eventually(() => log.length === 3, 'the second one takes over');
    expect(log).toStrictEqual(['first begins', 'first ends', 'second begins']);
  });

  it('change over when the running one loses its connection', async () => {
    const { log } = await startBoth();
    await killHolder();
    await eventually(() => log.includes('second begins'), 'the second one takes over');
    await eventually(() => log.includes('first ends'), 'the first one notices');
    expect([...log].sort()).toStrictEqual(['first begins', 'first ends', 'second begins']);
  });
});

describe('a single runner', () => {
  it('continues when its connection was lost', async () => {
    const log: string[] = [];
    startRunner(createWorker('it', log));
    await eventually(() => log.length === 1, 'it runs');
    await killHolder();
    await eventually(() => log.length === 3, 'it runs again');
    expect(log).toStrictEqual(['it begins', 'it ends', 'it begins']);
  });

  it('runs its work again after it failed or ended', async () => {
    let runs = 0;
    startRunner(async () => {
      runs += 1;
      if (runs === 1) throw new Error('the work failed');
    });
    await eventually(() => runs === 3, 'it tried again');
    expect(runs).toBe(3);
  });

  it('has ended its work and released the lock once it is stopped', async () => {
    const log: string[] = [];
    const runner = startRunner(async (signal) => {
      await createWorker('it', log)(signal);
      await new Promise((resolve) => setImmediate(resolve));
      log.push('and has tidied up');
    });
    await eventually(() => log.length === 1, 'it runs');
    await runner.stop();
    expect(log).toStrictEqual(['it begins', 'it ends', 'and has tidied up']);
    await eventually(
      async () => (await database.sql(HOLDER)).length === 0,
      'no process holds the lock',
    );
  });

  it('can be stopped before it has a connection', async () => {
    const own = createDatabase({ connectionString: 'postgres://nobody@127.0.0.1:1/nowhere' });
    opened.push(own);
    const log: string[] = [];
    const runner = createPostgresSingleRunner(own)('mail', createWorker('it', log));
    await runner.stop();
    expect(log).toStrictEqual([]);
  });
});
