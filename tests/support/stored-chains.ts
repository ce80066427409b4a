import type { PlacedEvent } from '../../src/adapters/event-store/event-codec.ts';
import type { StoredEvent } from '../../src/adapters/event-store/stored-event.ts';
import { firstBrokenLink } from '../../src/adapters/event-store/verify-chain.ts';
import type { Database } from '../../src/adapters/postgres/connection.ts';
import { parseStreamName } from '../../src/application/ports/event-store.ts';

type Row = StoredEvent & Readonly<{ stream: string; revision: string }>;

const ALL = `SELECT e.stream_id AS stream, e.revision::text, e.event_id AS "eventId", e.type,
  e.schema_version AS "schemaVersion", e.data, e.metadata FROM events AS e
  ORDER BY e.stream_id, e.revision`;

/** Streams whose chain does not hold. Needs no key: the chain runs over what is stored. */
export const brokenStreams = async (database: Database): Promise<readonly string[]> => {
  const rows = await database.query<Row>({ text: ALL });
  if (rows.length === 0) throw new TypeError('nothing was stored');
  const streams = new Map<string, PlacedEvent[]>();
  for (const { stream: name, revision, ...stored } of rows) {
    const stream = parseStreamName(name);
    const events = streams.get(name) ?? [];
    streams.set(name, [...events, { stream, revision: BigInt(revision), stored }]);
  }
  const broken = [...streams].filter(([, events]) => firstBrokenLink(events) !== undefined);
  return broken.map(([name]) => name);
};
