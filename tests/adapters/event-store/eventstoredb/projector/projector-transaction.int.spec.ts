import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CheckpointTaken } from '../../../../../src/adapters/event-store/eventstoredb/projector-checkpoint.ts';
import type { Position } from '../../../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import {
  forgetProjections,
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
  startProjector,
} from '../../../../support/event-log/shared-log.ts';
import { dumpProjections } from '../../../../support/projections/projection-dump.ts';
import { type ComposedSystem, visitor } from '../../../../support/servers/composed-system.ts';
import { PASSWORD } from '../../../../support/servers/http-client.ts';
import { openRawSession, terminateWhoeverWaits } from '../../../../support/servers/raw-session.ts';

let log: SharedLog;
let system: ComposedSystem;
beforeEach(async () => {
  log = await openSharedLog();
  system = await log.open();
});
afterEach(() => log?.close());

const register = (name: string) =>
  system
    .get(tokens.http)
    .registration.registerUser(
      { email: `${name}@example.com`, password: PASSWORD, displayName: name },
      visitor,
    );
const dump = () => dumpProjections(system.get(tokens.database));
const tables = async () => ({
  rows: Object.values(await dump()).flat(),
  heads: await system.sql('SELECT stream_id FROM streams'),
  index: await system.sql('SELECT position FROM event_index'),
  checkpoint: (await partsOf(system).checkpoint.read()).position,
});
const NOTHING = { rows: [], heads: [], index: [], checkpoint: undefined };

/** Makes updates of the checkpoint wait for an advisory lock, but not heartbeats. */
const HOLD_CHECKPOINT = `
  CREATE FUNCTION hold_checkpoint() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN PERFORM pg_advisory_xact_lock(1); RETURN NEW; END $$;
  CREATE TRIGGER hold_checkpoint BEFORE UPDATE OF position ON projector_checkpoints
    FOR EACH ROW EXECUTE FUNCTION hold_checkpoint()`;

describe('a projector whose connection is lost during a transaction', () => {
  it.each([
    ['before it writes rows', 'LOCK TABLE users IN SHARE MODE'],
    ['when rows are written', 'LOCK TABLE event_index IN SHARE MODE'],
    ['when all but the checkpoint is written', 'SELECT pg_advisory_xact_lock(1)'],
  ])('has written nothing, and projects everything later: %s', async (_, lock) => {
    await register('ann');
    const before = await dump();
    await forgetProjections(system);
    await partsOf(system).checkpoint.beat();
    await system.sql(HOLD_CHECKPOINT);
    const [holder, watcher] = await Promise.all([
      openRawSession(log.connectionString),
      openRawSession(log.connectionString),
    ]);
    try {
      await holder.query('BEGIN');
      await holder.query(lock);
      const stop = startProjector(system);
      await terminateWhoeverWaits(watcher);
      expect(await tables()).toStrictEqual(NOTHING);
      await holder.query('COMMIT');
      await projected(system);
      await stop();
    } finally {
      await Promise.all([holder.end(), watcher.end()]);
    }
    expect(await dump()).toStrictEqual(before);
    expect((await tables()).index).toHaveLength(4);
  });
});

describe('a checkpoint', () => {
  const at = (n: number) => `${String(n).padStart(20, '0')}-${'0'.repeat(20)}` as Position;
  const move = (from: Position | undefined, to: Position) =>
    system.get(tokens.database).transaction(async (connection) => {
      await connection.query({ text: `UPDATE event_log SET since = 'epoch'` });
      await partsOf(system).checkpoint.move(connection, from, to, 12.6);
    });
  const position = async () => (await partsOf(system).checkpoint.read()).position;

  it('moves only from the position its projector set, else rolls back the transaction', async () => {
    await move(undefined, at(1));
    await move(at(1), at(2));
    await system.sql('UPDATE event_log SET since = now()');
    for (const from of [undefined, at(1), at(3)]) {
      await expect(move(from, at(4))).rejects.toThrow(CheckpointTaken);
    }
    expect(await position()).toBe(at(2));
    expect(await system.sql(`SELECT FROM event_log WHERE since = 'epoch'`)).toStrictEqual([]);
    expect(await partsOf(system).checkpoint.read()).toMatchObject({ lagMilliseconds: 13 });
  });

  it('is created once when two projectors start at the same time', async () => {
    const begun = await Promise.allSettled([move(undefined, at(1)), move(undefined, at(2))]);
    expect(begun.map(({ status }) => status).sort()).toStrictEqual(['fulfilled', 'rejected']);
  });

  it('reports that a position is reached, or not reached in time', async () => {
    const { reach } = partsOf(system).checkpoint;
    expect(await reach(at(1), 50)).toBe(false);
    await move(undefined, at(2));
    expect(await reach(at(1), 50)).toBe(true);
    expect(await reach(at(2), 50)).toBe(true);
    const later = reach(at(3), 10_000);
    await move(at(2), at(3));
    expect(await later).toBe(true);
  });
});
