import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EventStoreJourney,
  startEventStoreJourney,
} from '../../support/servers/eventstoredb-journey.ts';
import { createHttpClient, expectPair, type SignedIn } from '../../support/servers/http-client.ts';
import {
  newMasterKey,
  runLatchkey,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';
import { createTestDatabase } from '../../support/servers/test-database.ts';

type Settings = Readonly<Record<string, string>>;

/** Runs a command, which must exit 1. @returns the failure */
const refusal = async (environment: Settings, ...args: readonly string[]): Promise<string> => {
  const { code, stdout, stderr } = await runLatchkey(args, {
    LATCHKEY_LOG_LEVEL: 'silent',
    ...environment,
  });
  expect({ code, stdout }).toStrictEqual({ code: 1, stdout: '' });
  return stderr;
};

describe('when the log of a database is in EventStoreDB', () => {
  let journey: EventStoreJourney;
  let session: SignedIn;

  beforeAll(async () => {
    journey = await startEventStoreJourney();
    const server = await journey.start();
    const client = createHttpClient(server.url);
    session = await client.signUp();
    const { headers } = await client.refresh(session.refreshToken);
    const read = await client.call('GET', '/v1/me', {
      token: session.accessToken,
      headers: { 'latchkey-min-position': String(headers['latchkey-position']) },
    });
    expect(read.status).toBe(200);
    client.close();
    await server.stop();
  });
  afterAll(() => journey.close());

  it.each(['serve', 'projections verify', 'users unlock ann@example.com'])(
    '%s is refused without EVENTSTOREDB_URL',
    async (command) => {
      const nowhere = { EVENTSTOREDB_URL: '', LATCHKEY_EVENTSTOREDB_PREFIX: '' };
      const environment = { ...journey.environment, ...nowhere };
      expect(await refusal(environment, ...command.split(' '))).toBe(
        'The event log of this database is in EventStoreDB: set EVENTSTOREDB_URL (and LATCHKEY_EVENTSTOREDB_PREFIX, if it has one). With it set, latchkey events copy --from eventstoredb --to postgres moves the log back.\n',
      );
    },
  );

  it.each([
    'serve',
    'projections rebuild',
    'projections verify',
    'users create --test',
    'events copy --from eventstoredb --to postgres --wait 0',
  ])('%s is refused with a store that lacks the log', async (command) => {
    const elsewhere = { ...journey.environment, LATCHKEY_EVENTSTOREDB_PREFIX: 'elsewhere' };
    expect(await refusal(elsewhere, ...command.split(' '))).toBe(
      'The event store lacks events that this database has indexed. Check EVENTSTOREDB_URL and LATCHKEY_EVENTSTOREDB_PREFIX: if one is wrong, correct it; nothing else is needed. Only if an older backup of the event store was restored on purpose, run latchkey projections rebuild --restored.\n',
    );
  });

  it('doctor shows the configured store, and that it is the wrong one', async () => {
    const elsewhere = { ...journey.environment, LATCHKEY_EVENTSTOREDB_PREFIX: 'elsewhere' };
    const { code, stdout } = await runLatchkey(['doctor', '--json'], elsewhere);
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toEqual(
      expect.arrayContaining([
        {
          check: 'EVENTSTOREDB_URL',
          value: expect.stringMatching(/^127\.0\.0\.1:\d+, prefix elsewhere$/),
        },
        {
          check: 'event store',
          value: 'does not match this database',
          problem: expect.stringContaining('LATCHKEY_EVENTSTOREDB_PREFIX: if one is wrong'),
        },
      ]),
    );
  });

  it('serve refuses a store that holds the log of another database', async () => {
    const empty = await createTestDatabase();
    const { connectionString: DATABASE_URL } = empty;
    expect(await refusal({ ...journey.environment, DATABASE_URL }, 'serve')).toBe(
      'The event store already holds the log of another database: restore the backup of that database, or set another LATCHKEY_EVENTSTOREDB_PREFIX.\n',
    );
    await empty.drop();
  });

  it('the failure names a store that is unreachable, and serve works once it is back', async () => {
    const { double, environment, start } = journey;
    await double.pause();
    const said = await Promise.all([
      refusal(environment, 'serve'),
      refusal(environment, 'projections', 'verify'),
    ]);
    for (const sentence of said) {
      expect(sentence).toBe('The event store does not answer: check EVENTSTOREDB_URL.\n');
    }
    await double.resume();
    const client = createHttpClient((await start()).url);
    expectPair(await client.refresh(session.refreshToken));
    client.close();
  });

  it('adopt is refused', async () => {
    expect(await refusal(journey.environment, 'adopt', '--dry-run')).toBe(
      'An adoption needs the event log in the database: adopt without EVENTSTOREDB_URL, and move the log with latchkey events copy after latchkey adopt finish.\n',
    );
  });
});

describe('when the log of a database is in PostgreSQL', () => {
  it('serve and projections verify are refused with EVENTSTOREDB_URL', async () => {
    const journey = await startEventStoreJourney();
    const server = await startServerProcess({
      ...journey.environment,
      EVENTSTOREDB_URL: '',
      LATCHKEY_EVENTSTOREDB_PREFIX: '',
    });
    const client = createHttpClient(server.url);
    await client.signUp();
    client.close();
    await server.stop();
    for (const command of ['serve', 'projections verify']) {
      expect(await refusal(journey.environment, ...command.split(' '))).toBe(
        'The event log of this database is in PostgreSQL: run latchkey events copy --from postgres --to eventstoredb.\n',
      );
    }
    expect(journey.double.events()).toStrictEqual([]);
    await journey.close();
  });

  it('serve initialises no log in a store that is unreachable', async () => {
    const journey = await startEventStoreJourney();
    await journey.double.pause();
    expect(
      await refusal({ ...journey.environment, LATCHKEY_MASTER_KEY: newMasterKey() }, 'serve'),
    ).toBe('The event store does not answer: check EVENTSTOREDB_URL.\n');
    const rows = await journey.database.query({ text: 'SELECT home FROM event_log' });
    expect(rows).toStrictEqual([{ home: 'postgres' }]);
    await journey.close();
  });
});
