import pg from 'pg';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import { type CopyStreams, copyStreams, createTurns } from './copy-streams.ts';
import { toInstant } from './instant-text.ts';

/** `name` makes it a prepared statement: one name, one text. */
export type Statement = Readonly<{ name?: string; text: string; values?: readonly unknown[] }>;

/** What both the pool and a single connection can do. */
export type Queryable = Readonly<{
  query<Row extends object>(statement: Statement): Promise<readonly Row[]>;
}>;

/** What is asked of it while it is busy waits its turn; nothing may be while it copies out. */
export type Session = Queryable & CopyStreams;

export type Database = Queryable &
  Readonly<{
    connectionString: string;
    /** One connection, BEGIN to COMMIT; rolled back when `work` throws. */
    transaction<Result>(work: (connection: Queryable) => Promise<Result>): Promise<Result>;
    /** A session outside the pool, without time limits, that ends with `work`. */
    session<Result>(work: (connection: Session) => Promise<Result>): Promise<Result>;
    close(): Promise<void>;
  }>;

type Options = Readonly<{ connectionString: string; maxConnections?: number }>;

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 10_000;
const RETRY_AFTER_SECONDS = 1;

// Class 08 connection exception, 53 insufficient resources, 57P operator intervention, 25006 a standby,
// 55P03 a lock waited for in vain, LK503 an event log that has moved away.
const UNAVAILABLE_SQLSTATE = /^(08|53|57P|57014|25006|55P03|LK503)/;
const UNAVAILABLE_ERRNO = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'EACCES',
]);
const UNAVAILABLE_MESSAGE =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Cannot use a pool after)/;

/** The SQLSTATE of a database error, or the errno of a socket error. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isUnavailable = (error: unknown): boolean =>
  UNAVAILABLE_SQLSTATE.test(errorCode(error)) ||
  UNAVAILABLE_ERRNO.has(errorCode(error)) ||
  (error instanceof Error && UNAVAILABLE_MESSAGE.test(error.message));

/** A database that is away is a passing state of ours, not a fault of the request. */
export const translateDatabaseError = (error: unknown): unknown =>
  isUnavailable(error)
    ? new ApplicationError('service_unavailable', {
        cause: error,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      })
    : error;

const TIMESTAMPTZ = 1184;

/** Times leave the database as `Instant` text, 64-bit integers as text: never as imprecise numbers. */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === TIMESTAMPTZ
      ? toInstant
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** The same manner of querying on one connection. */
export const connectionQueries = (target: pg.Pool | pg.PoolClient | pg.Client): Queryable => ({
  query: async <Row extends object>(statement: Statement) => {
    try {
      const { rows } = await target.query<Row>({
        ...statement,
        values: [...(statement.values ?? [])],
      });
      return rows;
    } catch (error) {
      throw translateDatabaseError(error);
    }
  },
});

const toSession = (client: pg.Client): Session => {
  const { query } = connectionQueries(client);
  const { copyIn, copyOut } = copyStreams(client);
  const inTurn = createTurns();
  return {
    query: <Row extends object>(statement: Statement) => inTurn(() => query<Row>(statement)),
    copyIn: (text, chunks) => inTurn(() => copyIn(text, chunks)),
    copyOut,
  };
};

/** Opens nothing yet: connections are made when they are first needed. */
export const createDatabase = ({ connectionString, maxConnections = 10 }: Options): Database => {
  const address = {
    connectionString,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'latchkey',
  };
  const pool = new pg.Pool({
    ...address,
    max: maxConnections,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS + 1_000,
    types,
  });
  // Without a listener a connection that breaks would end the process. The pool replaces an idle
  // one, and listens to no other.
  const ignoreBreak = () => undefined;
  pool.on('error', ignoreBreak);

  const connect = async () => {
    try {
      const client = await pool.connect();
      return client.on('error', ignoreBreak);
    } catch (error) {
      throw translateDatabaseError(error);
    }
  };

  const release = (client: pg.PoolClient): void => {
    client.off('error', ignoreBreak);
    client.release();
  };

  return {
    connectionString,
    ...connectionQueries(pool),
    session: async (work) => {
      const client = new pg.Client({ ...address, types });
      client.on('error', ignoreBreak);
      try {
        await client.connect();
        return await work(toSession(client));
      } catch (error) {
        throw translateDatabaseError(error);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
    transaction: async (work) => {
      const client = await connect();
      const connection = connectionQueries(client);
      try {
        await connection.query({ text: 'BEGIN' });
        const result = await work(connection);
        await connection.query({ text: 'COMMIT' });
        release(client);
        return result;
      } catch (error) {
        await connection.query({ text: 'ROLLBACK' }).then(
          () => release(client),
          () => client.release(true),
        );
        throw error;
      }
    },
    close: () => pool.end(),
  };
};
