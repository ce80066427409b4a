import type { StreamMark } from '../../application/auditing/evidence/stored-log.ts';
import type { Queryable } from '../postgres/connection/connection.ts';

type Row = Readonly<{ stream_id: string; revision: string; chain: string }>;

const PAGE = 5_000;

const READ_HEADS = `SELECT stream_id, revision, chain FROM streams
  WHERE stream_id > $1 ORDER BY stream_id LIMIT ${PAGE}`;

/**
 * Reads the head of every stream from the table `streams`, which is separate from the events in
 * both modes.
 */
export async function* readRecordedHeads(
  connection: Queryable,
): AsyncIterable<readonly StreamMark[]> {
  for (let last = ''; ; ) {
    const rows = await connection.query<Row>({ text: READ_HEADS, values: [last] });
    yield rows.map(({ stream_id: stream, revision, chain }) => ({
      stream,
      revision: Number(revision),
      chain,
    }));
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = end.stream_id;
  }
}
