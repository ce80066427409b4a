import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import { createErasedSubjects } from '../../../src/adapters/projections/erased-subjects.ts';
import { openFoldedTables } from '../../../src/adapters/projections/folded-tables.ts';
import { createStagingTables } from '../../../src/adapters/projections/staging-rows.ts';
import { createTableComparison } from '../../../src/adapters/projections/table-comparison.ts';
import {
  householdAggregate,
  tokenFamilyAggregate,
  userAggregate,
} from '../../../src/application/kernel/aggregate.ts';
import { parseStreamName, type StreamId } from '../../../src/application/kernel/event-store.ts';
import { projectEvent } from '../../../src/application/projections/project-event.ts';
import { projectedTables } from '../../../src/application/projections/projected-tables.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { readWholeLog } from '../../support/event-log/whole-log.ts';
import { fullHistory } from '../../support/projections/full-history.ts';
import { dumpProjections } from '../../support/projections/projection-dump.ts';
import { anyHistory, type Step } from '../../support/projections/random-history.ts';
import { playHistory } from '../../support/projections/random-history-run.ts';
import {
  allTables,
  type ComposedSystem,
  openComposedSystem,
} from '../../support/servers/composed-system.ts';

const RUNS = 12;
const DAY_MS = 86_400_000;
/** Days ago, so that none, some or all of the rows are obsolete today. */
const anyDaysAgo = fc.constantFrom(0, 0, 35, 70, 120);

/** The limit of rows in memory: none, a few, some, or nearly all. */
const anyCeiling = fc.constantFrom(0, 1, 4, 16, 64);

let system: ComposedSystem;
beforeAll(async () => {
  system = await openComposedSystem();
});
afterAll(() => system?.close());

const aggregates = {
  user: userAggregate,
  household: householdAggregate,
  tokenFamily: tokenFamilyAggregate,
};

const foldOf = ({ category }: StreamId, events: readonly unknown[]): unknown => {
  const { initialState, evolve } = aggregates[category].decider as {
    initialState: unknown;
    evolve: (state: unknown, event: unknown) => unknown;
  };
  return events.reduce(evolve, initialState);
};

const play = async (steps: readonly Step[], daysAgo: number): Promise<void> => {
  await system.sql(
    'TRUNCATE streams, events, subject_keys, users, households, identifier_claims, revoked_tokens CASCADE',
  );
  await playHistory(system, steps, new Date(Date.now() - daysAgo * DAY_MS));
};

const expectTablesToTellTheLog = async (): Promise<void> => {
  const projections = system.get(tokens.projections);
  const cleanly = async () => {
    const [log] = await system.sql('SELECT count(*)::integer AS events FROM events');
    return { ...log, drift: [] };
  };
  const clean = await cleanly();
  expect(await projections.verify(allTables, () => undefined)).toStrictEqual(clean);
  const before = await dumpProjections(system.get(tokens.database));
  expect(await projections.rebuild(allTables, () => undefined)).toStrictEqual(clean);
  expect(await dumpProjections(system.get(tokens.database))).toStrictEqual(before);
  await system.get(tokens.cleanup)();
  const tidy = await dumpProjections(system.get(tokens.database));
  // Unverified accounts were erased, which is in the log.
  const tidily = await cleanly();
  expect(await projections.rebuild(allTables, () => undefined)).toStrictEqual(tidily);
  const removed = await system.get(tokens.cleanup)();
  expect(Object.values(removed)).toStrictEqual(Object.keys(removed).map(() => 0));
  expect(await dumpProjections(system.get(tokens.database))).toStrictEqual(tidy);
};

/** Folds in six pieces, with a few rows in memory. */
const expectFoldInPiecesToTellTheLog = async (maxRows: number): Promise<void> => {
  const events = await readWholeLog(system);
  const atOnce = Math.ceil(events.length / 6);
  const drift = await system.get(tokens.database).session(async (connection) => {
    await createStagingTables(connection, projectedTables);
    const folded = await openFoldedTables({ connection, tables: projectedTables, maxRows });
    const erased = createErasedSubjects(connection);
    for (let from = 0; from < events.length; from += atOnce) {
      await folded.apply(events.slice(from, from + atOnce).flatMap(projectEvent));
    }
    await folded.write();
    await folded.prepareComparison();
    await connection.query({ text: 'BEGIN' });
    await erased.note(events);
    await erased.removeFrom(projectedTables, async () => undefined);
    const comparison = createTableComparison(connection, projectedTables);
    await comparison.findCandidates();
    const found = await comparison.findDrift();
    await connection.query({ text: 'ROLLBACK' });
    return found;
  });
  expect(drift).toStrictEqual({ drift: [] });
};

const expectSnapshotsToTellTheirStreams = async (): Promise<void> => {
  const store = system.get(tokens.eventStore);
  for (const { stream_id } of await system.sql<{ stream_id: string }>(
    'SELECT stream_id FROM streams',
  )) {
    const stream = parseStreamName(stream_id);
    const { events } = await store.read(stream, 0);
    const { snapshot, events: later } = await store.read(
      stream,
      aggregates[stream.category].snapshotVersion,
    );
    expect([later, snapshot]).toStrictEqual([[], foldOf(stream, events)]);
    expect((await store.readStream(stream)).firstBroken).toBeUndefined();
  }
};

describe('projected tables and snapshots', () => {
  it.each([0, 70])('equal the log after every event type, begun %i days ago', async (daysAgo) => {
    await play(fullHistory, daysAgo);
    const types = await system.sql<{ type: string }>('SELECT DISTINCT type FROM events');
    expect(types.map(({ type }) => type).sort()).toStrictEqual(
      Object.keys(eventDefinitions).sort(),
    );
    await expectFoldInPiecesToTellTheLog(3);
    await expectTablesToTellTheLog();
    await expectSnapshotsToTellTheirStreams();
  });

  it('equal the log row by row after any history', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, anyDaysAgo, anyCeiling, async (steps, daysAgo, maxRows) => {
        await play(steps, daysAgo);
        await expectFoldInPiecesToTellTheLog(maxRows);
        await expectTablesToTellTheLog();
        await expectSnapshotsToTellTheirStreams();
      }),
      { numRuns: RUNS },
    );
  }, 120_000);
});
