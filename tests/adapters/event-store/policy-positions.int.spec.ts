import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEventStoreDbRebuildSource } from '../../../src/adapters/event-store/eventstoredb/eventstoredb-rebuild-source.ts';
import { createProjectedStreams } from '../../../src/adapters/event-store/eventstoredb/projected-streams.ts';
import { createProjectorCheckpoint } from '../../../src/adapters/event-store/eventstoredb/projector-checkpoint.ts';
import { createPostgresMailQueue } from '../../../src/adapters/postgres/mail/postgres-mail-queue.ts';
import type { Position } from '../../../src/application/kernel/event-store.ts';
import { type OpenDatabase, openTestDatabase } from '../../support/servers/open-database.ts';

const at = (place: number): Position =>
  `${String(place).padStart(20, '0')}-${String(place).padStart(20, '0')}` as Position;

let database: OpenDatabase;
beforeEach(async () => {
  database = await openTestDatabase();
});
afterEach(() => database?.drop());

const mail = () => createPostgresMailQueue(database, 'eventstoredb');

/** @param meanwhile runs between the last read of the log and the end of the rebuild */
const rebuildFrom = (end: Position | undefined, meanwhile = async () => undefined as unknown) => {
  const openSource = createEventStoreDbRebuildSource({
    log: {
      readPages: async function* () {
        if (end !== undefined) yield { events: [], end };
      },
    },
    projectedStreams: createProjectedStreams({ project: () => [] }),
    checkpoint: createProjectorCheckpoint(database),
  });
  return database.transaction(async (connection) => {
    const source = await openSource(connection, true);
    await source.readAll(async (events) => expect(events).toStrictEqual([]));
    await meanwhile();
    await source.afterRepair();
  });
};

describe('when the tables are rebuilt', () => {
  it.each([
    ['its end', at(50), at(50)],
    ['its beginning', undefined, undefined],
  ])('policies that followed a longer log continue from %s', async (_end, end, expected) => {
    await mail().advance(at(100), []);
    await rebuildFrom(end);
    expect(await mail().checkpoint()).toBe(expected);
  });

  it('policies before the end keep their position, whatever another one does', async () => {
    await mail().advance(at(40), []);
    await database.query({
      text: `INSERT INTO policy_checkpoints VALUES ('other', $1, now(), 'eventstoredb')`,
      values: [at(100)],
    });
    await rebuildFrom(at(50));
    expect(await mail().checkpoint()).toBe(at(40));
  });

  it('policies that advance meanwhile send no mail twice', async () => {
    await mail().advance(at(50), []);
    await rebuildFrom(at(50), () => mail().advance(at(60), []));
    expect(await mail().checkpoint()).toBe(at(60));
  });

  it("policies with positions in PostgreSQL's log keep them", async () => {
    const other = createPostgresMailQueue(database, 'postgres');
    await other.advance(at(100), []);
    await rebuildFrom(at(50));
    expect(await other.checkpoint()).toBe(at(100));
  });
});
