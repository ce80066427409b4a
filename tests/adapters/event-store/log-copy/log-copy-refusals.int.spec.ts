import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LogLocation } from '../../../../src/application/event-log/log-copy.ts';
import { createTestClient } from '../../../support/event-log/eventstoredb-event-store.ts';
import {
  openTwoStores,
  refresh,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../../support/event-log/two-stores.ts';
import type { ComposedSystem } from '../../../support/servers/composed-system.ts';

let stores: TwoStores;
let system: ComposedSystem;
let ann: SignedInUser;

const open = async () => {
  stores = await openTwoStores();
  system = await stores.open('postgres');
  ann = await refresh(system, await signUp(system));
};

const refusal = async (to: LogLocation = 'eventstoredb', wait = 0): Promise<string> => {
  const error = await stores.copy(to, { wait }).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ name: 'LogCopyRefused' });
  return error instanceof Error ? error.message : '';
};

/** The log stays where it is and accepts appends. */
const expectUnmoved = async () => {
  const rows = await stores.database.query({ text: 'SELECT home FROM event_log' });
  expect(rows).toStrictEqual([{ home: 'postgres' }]);
  ann = await refresh(system, ann);
};

const changeEvent = (change: string) =>
  stores.database.query({
    text: `UPDATE events SET ${change} WHERE stream_id = $1 AND revision = 1`,
    values: [`tokenFamily-${ann.sessionId}`],
  });

describe('when a log cannot be copied', () => {
  beforeAll(open);
  afterAll(() => stores?.close());

  it('a copy to its present store is refused', async () => {
    expect(await refusal('postgres')).toBe('The event log is in PostgreSQL already.');
    await expectUnmoved();
  });

  it('a second copy at the same time is refused', async () => {
    const results = await Promise.allSettled([
      stores.database.session(async (other) => {
        await other.query({ text: 'SELECT pg_advisory_lock(7153426, 2)' });
        expect(await refusal()).toBe('The event log is being copied already.');
      }),
    ]);
    expect(results.map(({ status }) => status)).toStrictEqual(['fulfilled']);
    await expectUnmoved();
  });

  it('an outage of the event store is reported, and a later copy continues', async () => {
    await stores.double.pause();
    const sentence = await refusal();
    await stores.double.resume();

    expect(sentence).toBe(
      'The event store does not answer: the log stays where it is. Run the command again once it answers; it continues from there.',
    );
    await expectUnmoved();
  });

  it('a database whose adoption can be rolled back is refused', async () => {
    await stores.database.query({ text: 'CREATE SCHEMA latchkey_adoption' });
    await stores.database.query({
      text: `CREATE TABLE latchkey_adoption.state AS SELECT 'adopted' AS phase`,
    });

    expect(await refusal()).toBe(
      'The adoption of this database can still be rolled back, which needs its log: run latchkey adopt finish first.',
    );

    await expectUnmoved();
    await stores.database.query({ text: 'DROP SCHEMA latchkey_adoption CASCADE' });
  });

  it('an altered event is named', async () => {
    await changeEvent(`metadata = jsonb_set(metadata, '{actor}', '"user_eve"')`);
    const [{ place = '' } = {}] = await stores.database.query<{ place: string }>({
      text: `SELECT lpad(transaction_id::text, 20, '0') || '-' || lpad(global_position::text, 20, '0')
        AS place FROM events WHERE stream_id = $1 AND revision = 1`,
      values: [`tokenFamily-${ann.sessionId}`],
    });

    expect(await refusal()).toBe(
      `The chain of tokenFamily-${ann.sessionId} is broken at revision 1, position ${place}: the log was altered there, and no event from there on is copied.`,
    );

    expect(await stores.logIn('eventstoredb')).toStrictEqual([]);
    await expectUnmoved();
  });

  it('the event after a removed one is named', async () => {
    await stores.database.query({
      text: 'DELETE FROM events WHERE stream_id = $1 AND revision = 1',
      values: [`tokenFamily-${ann.sessionId}`],
    });

    expect(await refusal()).toMatch(
      new RegExp(`^The chain of tokenFamily-${ann.sessionId} is broken at revision 2, position`),
    );
    await expectUnmoved();
  });
});

describe('when the end of a stream was removed', () => {
  beforeAll(open);
  afterAll(() => stores?.close());

  it('the stream is named', async () => {
    const name = `tokenFamily-${ann.sessionId}`;
    await stores.database.query({
      text: 'DELETE FROM events WHERE stream_id = $1 AND revision = 1',
      values: [name],
    });

    expect(await refusal()).toBe(
      `The log of ${name} does not end where the tables say it does: run latchkey projections verify.`,
    );
    expect(await stores.database.query({ text: 'SELECT home FROM event_log' })).toStrictEqual([
      { home: 'postgres' },
    ]);
  });
});

describe('when the event store holds another log', () => {
  beforeEach(open);

  const append = async (stream: string, metadata: object) => {
    const { EVENTSTOREDB_URL: url = '', LATCHKEY_EVENTSTOREDB_PREFIX: prefix = '' } =
      stores.settings.eventstoredb;
    const client = createTestClient({ url, prefix });
    const id = '01a1ff1f-0000-7000-8000-000000000001';
    await client.append(stream, 'none', [
      { id, type: 'UserRegistered', data: {}, metadata: { ...metadata } },
    ]);
    await client.close();
  };
  const stored = {
    schemaVersion: 1,
    revision: '0',
    chain: 'c',
    occurredAt: '2026-01-01',
    subject: null,
  };

  /** Simulates a database restored from a backup of before the move. */
  const forgetMove = async () => {
    await stores.database.query({ text: `UPDATE event_log SET home = 'postgres'` });
    await stores.database.query({ text: 'DROP TRIGGER events_have_moved ON events' });
  };

  it('no event is copied', async () => {
    await append('user-user_somebody', stored);

    expect(await refusal()).toMatch(/^The chain of user-user_somebody is broken at revision 0, /);

    expect(await stores.logIn('eventstoredb')).toHaveLength(1);
    await expectUnmoved();
    await stores.close();
  });

  it('a changed event of an interrupted copy is named', async () => {
    await stores.copy('eventstoredb');
    await forgetMove();
    stores.double.tamper((log) => {
      const event = log.find(({ type }) => type === 'RefreshTokenRotated');
      if (event !== undefined) event.data = { ...(event.data as object), generation: 9 };
    });

    expect(await refusal()).toMatch(
      new RegExp(`^The chain of tokenFamily-${ann.sessionId} is broken at revision 1, position`),
    );
    await expectUnmoved();
    await stores.close();
  });

  it('a log that was appended to there is refused', async () => {
    await stores.copy('eventstoredb');
    await refresh(await stores.open('eventstoredb'), ann);
    await forgetMove();

    expect(await refusal()).toMatch(
      /^The event store holds another log: RefreshTokenRotated at [\d-]+ is not the next event of this log\. /,
    );
    await stores.close();
  });

  it('on the way back, a database that has lost an event is refused', async () => {
    await stores.copy('eventstoredb');
    await stores.database.query({
      text: `DELETE FROM events WHERE type = 'HouseholdCreated'`,
    });

    expect(await refusal('postgres')).toMatch(
      /^PostgreSQL holds another log: TokenFamilyStarted, at [\d-]+ in the event store, is there, but not all events before it\.$/,
    );
    expect(await stores.database.query({ text: 'SELECT home FROM event_log' })).toStrictEqual([
      { home: 'eventstoredb' },
    ]);
    await stores.close();
  });
});
