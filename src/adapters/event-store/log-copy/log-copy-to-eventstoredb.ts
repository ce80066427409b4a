import { LogCopyRefused, type LogCopyWatch } from '../../../application/event-log/log-copy.ts';
import type { Position } from '../../../application/kernel/event-store.ts';
import type { Database, Queryable } from '../../postgres/connection/connection.ts';
import { countRows } from '../../postgres/connection/count-rows.ts';
import type { EventStoreDbClient } from '../eventstoredb/client/eventstoredb-client.ts';
import type { ProjectorCheckpoint } from '../eventstoredb/projector-checkpoint.ts';
import {
  fromPosition,
  type LoggedEvent,
  toPosition,
} from '../eventstoredb/reading/eventstoredb-event-format.ts';
import type { EventStoreDbReading } from '../eventstoredb/reading/eventstoredb-reading.ts';
import { compareWithPostgres, toIndexed } from './log-copy-comparison.ts';
import {
  blockWriters,
  type MovedLog,
  moveLocation,
  repeatUntilFewRemain,
  requireSameLogs,
} from './log-copy-handover.ts';
import { COPY_PAGE, type ReadingScope, readStoredPage } from './log-copy-source.ts';
import type { LogCopyTarget } from './log-copy-target.ts';

type Dependencies = Readonly<{
  database: Database;
  client: Pick<EventStoreDbClient, 'readLog'>;
  reading: Pick<EventStoreDbReading, 'valid'>;
  checkpoint: Pick<ProjectorCheckpoint, 'index' | 'reset'>;
  target: LogCopyTarget;
}>;

/**
 * Copies the log from PostgreSQL to EventStoreDB. No progress is stored: every run reads the target
 * from its beginning, compares it with the source, and continues after it.
 */
export const createCopyToEventStoreDb =
  ({ database, client, reading, checkpoint, target }: Dependencies) =>
  async (session: Queryable, { onProgress }: LogCopyWatch): Promise<MovedLog> => {
    /**
     * Of the target: the last position read back, the number of events up to it, and the last
     * event's source position.
     */
    let readTo: Position | undefined;
    let events = 0;
    let confirmed: Position | undefined;
    /** Of the source: the last position written to the target. */
    let written: Position | undefined;
    let copied = 0;
    let present = 0;
    let total = await countRows(database, 'events');

    const confirm = (event: LoggedEvent, position: Position | undefined): void => {
      if (position === undefined || position <= (confirmed ?? '')) {
        throw new LogCopyRefused(
          `The event store holds another log: ${event.stored.type} at ${event.position} is not the next event of this log. Empty it, or set another LATCHKEY_EVENTSTOREDB_PREFIX.`,
        );
      }
      confirmed = position;
    };

    /** Reads back what the target stored, compares it, and indexes its positions. */
    const readBack = async (): Promise<void> => {
      for await (const page of client.readLog(fromPosition(readTo))) {
        const valid = await reading.valid(page);
        const counterparts = await compareWithPostgres(database, valid);
        for (const [i, event] of valid.entries()) confirm(event, counterparts[i]?.position);
        await checkpoint.index(database, valid.map(toIndexed));
        events += valid.length;
        const end = page.at(-1);
        if (end !== undefined) readTo = toPosition(end.position);
      }
    };

    /** Writes up to the end of the source. @returns how many events it wrote */
    const write = async (connection: Queryable, scope: ReadingScope): Promise<number> => {
      const before = copied;
      let page = readStoredPage(connection, written, scope);
      for (;;) {
        const entries = await page;
        const last = entries.at(-1);
        if (last === undefined) return copied - before;
        // The next page is read while this one is written.
        if (entries.length === COPY_PAGE) page = readStoredPage(connection, last.position, scope);
        page.catch(() => undefined);
        await target.append(entries);
        written = last.position;
        copied += entries.length;
        total = Math.max(total, present + copied);
        onProgress(present + copied, total);
        if (entries.length < COPY_PAGE) return copied - before;
      }
    };

    const writeAndReadBack = async (connection: Queryable, scope: ReadingScope) => {
      const count = await write(connection, scope);
      await readBack();
      return count;
    };

    await database.query({ text: 'TRUNCATE event_index' });
    await readBack();
    written = confirmed;
    present = events;
    await repeatUntilFewRemain(() => writeAndReadBack(database, 'settled'));
    await session.query({ text: 'BEGIN' });
    await blockWriters(session);
    const stoppedAt = performance.now();
    await writeAndReadBack(session, 'all');
    await requireSameLogs(session, events);
    await checkpoint.reset(session, readTo);
    await moveLocation(session, 'eventstoredb');
    await session.query({ text: 'COMMIT' });
    return { events, copied, stoppedMilliseconds: performance.now() - stoppedAt };
  };
