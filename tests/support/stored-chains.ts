import type { StoredEvent } from '../../src/adapters/event-store/stored-event.ts';
import { firstBrokenLink } from '../../src/adapters/event-store/verify-chain.ts';
import type { Database } from '../../src/adapters/postgres/connection.ts';
import type { StreamCategory } from '../../src/application/ports/event-store.ts';

type Row = StoredEvent & Readonly<{ stream: string; revision: string }>;

const ALL = `SELECT stream_id AS stream, revision::text, event_id AS "eventId", type,
  schema_version AS "schemaVersion", data, metadata FROM events ORDER BY stream_id, revision`;

/** Streams whose chain does not hold. Needs no key: the chain runs over what is stored. */
export const brokenStreams = async (database: Database): Promise<readonly string[]> => {
  const rows = await database.query<Row>({ text: ALL });
  const streams = Map.groupBy(rows, ({ stream }) => stream);
  if (streams.size === 0) throw new TypeError('nothing was stored');
  const broken = [...streams].filter(([name, events]) => {
    const [category, id] = [name.slice(0, name.indexOf('-')), name.slice(name.indexOf('-') + 1)];
    const stream = { category: category as StreamCategory, id };
    return (
      firstBrokenLink(
        events.map(({ stream: _, revision, ...stored }) => ({
          stream,
          revision: BigInt(revision),
          stored,
        })),
      ) !== undefined
    );
  });
  return broken.map(([name]) => name);
};
