import type {
  CheckpointDraft,
  CheckpointLeaf,
  LogCheckpoint,
  LogCheckpoints,
  MovedStream,
} from '../../../application/auditing/evidence/log-checkpoints.ts';
import type { Database, Queryable } from '../connection/connection.ts';

type CheckpointRow = Readonly<{ number: string; jws: string }>;

type LeafRow = Readonly<{
  stream_id: string;
  from_revision: string;
  to_revision: string;
  chain: string;
  accepted: boolean;
}>;

type MovedRow = Readonly<{
  stream_id: string;
  head_revision: string | null;
  head_chain: string | null;
  leaf_revision: string | null;
  leaf_chain: string | null;
}>;

const PAGE = 1_000;
const LOCK = `hashtextextended('latchkey/log-checkpoints', 0)`;

const LIST = 'SELECT number, jws FROM log_checkpoints ORDER BY number';
const LAST = 'SELECT number, jws FROM log_checkpoints ORDER BY number DESC LIMIT 1';

const LAST_GIVEN = 'SELECT max(checkpoint) AS number FROM log_checkpoint_streams';

const READ_LEAVES = {
  name: 'read_checkpoint_leaves',
  text: `SELECT stream_id, from_revision, to_revision, chain, accepted FROM log_checkpoint_streams
    WHERE checkpoint = $1 AND stream_id > $2 ORDER BY stream_id LIMIT ${PAGE}`,
};

// A missing stream that was accepted as missing has not moved.
const OPEN_MOVED = `DECLARE moved NO SCROLL CURSOR FOR
  SELECT coalesce(s.stream_id, l.stream_id) COLLATE "C" AS stream_id, s.revision AS head_revision,
    s.chain AS head_chain, l.to_revision AS leaf_revision, l.chain AS leaf_chain
  FROM streams AS s FULL JOIN
    (SELECT * FROM log_checkpoint_streams WHERE NOT superseded) AS l
    ON l.stream_id = s.stream_id COLLATE "C"
  WHERE coalesce(s.revision, -1) <> coalesce(l.to_revision, -1)
    OR (s.chain <> l.chain AND l.to_revision >= 0)
  ORDER BY 1`;
const READ_MOVED = `FETCH ${PAGE} FROM moved`;

const SUPERSEDE = `UPDATE log_checkpoint_streams SET superseded = true
  WHERE NOT superseded AND stream_id = ANY ($1::text[])`;

const ADD_LEAVES = `INSERT INTO log_checkpoint_streams
    (checkpoint, stream_id, from_revision, to_revision, chain, accepted)
  SELECT $1, stream, "from", "to", chain, accepted FROM jsonb_to_recordset($2::jsonb)
    AS l (stream text, "from" bigint, "to" bigint, chain text, accepted boolean)`;

const toCheckpoint = ({ number, jws }: CheckpointRow): LogCheckpoint => ({
  number: Number(number),
  jws,
});

const toLeaf = (row: LeafRow): CheckpointLeaf => ({
  stream: row.stream_id,
  from: Number(row.from_revision),
  to: Number(row.to_revision),
  chain: row.chain,
  accepted: row.accepted,
});

const toMoved = (row: MovedRow): MovedStream => ({
  stream: row.stream_id,
  leaf:
    row.leaf_revision === null || row.leaf_chain === null
      ? undefined
      : { to: Number(row.leaf_revision), chain: row.leaf_chain },
  head:
    row.head_revision === null || row.head_chain === null
      ? undefined
      : { revision: Number(row.head_revision), chain: row.head_chain },
});

async function* readLeaves(connection: Queryable, number: number): AsyncIterable<CheckpointLeaf> {
  for (let last = ''; ; ) {
    const rows = await connection.query<LeafRow>({ ...READ_LEAVES, values: [number, last] });
    yield* rows.map(toLeaf);
    const end = rows.at(-1);
    if (end === undefined || rows.length < PAGE) return;
    last = end.stream_id;
  }
}

async function* readMoved(connection: Queryable): AsyncIterable<readonly MovedStream[]> {
  await connection.query({ text: OPEN_MOVED });
  for (;;) {
    const rows = await connection.query<MovedRow>({ text: READ_MOVED });
    if (rows.length > 0) yield rows.map(toMoved);
    if (rows.length < PAGE) break;
  }
  await connection.query({ text: 'CLOSE moved' });
}

/** Keeps log checkpoints in the tables `log_checkpoints` and `log_checkpoint_streams`. */
export const createPostgresLogCheckpoints = (database: Database): LogCheckpoints => {
  const list = async () => (await database.query<CheckpointRow>({ text: LIST })).map(toCheckpoint);

  const draftOn = async (connection: Queryable): Promise<CheckpointDraft> => {
    const [row] = await connection.query<CheckpointRow>({ text: LAST });
    const [given] = await connection.query<{ number: string }>({ text: LAST_GIVEN });
    const last = row && toCheckpoint(row);
    const number = Math.max(last?.number ?? 0, Number(given?.number ?? 0)) + 1;
    return {
      last,
      number,
      readMoved: () => readMoved(connection),
      addLeaves: async (leaves) => {
        await connection.query({ text: SUPERSEDE, values: [leaves.map(({ stream }) => stream)] });
        await connection.query({ text: ADD_LEAVES, values: [number, JSON.stringify(leaves)] });
      },
      finish: async (jws) => {
        await connection.query({
          text: 'INSERT INTO log_checkpoints (number, jws) VALUES ($1, $2)',
          values: [number, jws],
        });
        await connection.query({ text: 'COMMIT' });
      },
    };
  };

  return {
    list,
    read: async function* () {
      for (const checkpoint of await list()) {
        yield checkpoint;
        yield* readLeaves(database, checkpoint.number);
      }
    },
    draft: (work) =>
      database.session(async (connection) => {
        await connection.query({ text: `SELECT pg_advisory_lock(${LOCK})` });
        // One snapshot, taken under the lock. An unfinished draft is rolled back with the session.
        await connection.query({ text: 'BEGIN ISOLATION LEVEL REPEATABLE READ' });
        return work(await draftOn(connection));
      }),
  };
};
