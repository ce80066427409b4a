import pg from 'pg';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import { type CopyStreams, copyStreams, createTurns } from './copy-streams.ts';
import { toInstant } from './instant-text.ts';

/** An SQL statement. With a `name` it is prepared; each name must always have the same text. */
export type Statement = Readonly<{ name?: string; text: string; values?: readonly unknown[] }>;

/** Runs statements, on the pool or on a single connection. */
export type Queryable = Readonly<{
  query<Row extends object>(statement: Statement): Promise<readonly Row[]>;
}>;

/** A connection that queues concurrent statements. None may be sent while it copies out. */
export type Session = Queryable & CopyStreams;

/**
 * A connection pool.
 * @throws ApplicationError `service_unavailable` from every method while the database is
 * unavailable
 */
export type Database = Queryable &
  Readonly<{
    connectionString: string;
    /** Runs `work` in a transaction, which is rolled back when `work` throws. */
    transaction<Result>(work: (connection: Queryable) => Promise<Result>): Promise<Result>;
    /**
     * Runs `work` on a connection outside the pool, without time limits, and closes it afterwards.
     */
    session<Result>(work: (connection: Session) => Promise<Result>): Promise<Result>;
    close(): Promise<void>;
  }>;

type Options = Readonly<{ connectionString: string; maxConnections?: number }>;

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 10_000;
const RETRY_AFTER_SECONDS = 1;

// Class 08 connection exception, 53 insufficient resources, 57P operator intervention, 25006 a
// standby, 55P03 a lock timeout, LK503 an event log that has moved.
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

/** Returns the SQLSTATE of a database error or the errno of a socket error; empty for others. */
export const errorCode = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

const isUnavailable = (error: unknown): boolean =>
  UNAVAILABLE_SQLSTATE.test(errorCode(error)) ||
  UNAVAILABLE_ERRNO.has(errorCode(error)) ||
  (error instanceof Error && UNAVAILABLE_MESSAGE.test(error.message));

/**
 * Translates a failure of the connection to `service_unavailable`; other errors are returned
 * unchanged.
 */
export const translateDatabaseError = (error: unknown): unknown =>
  isUnavailable(error)
    ? new ApplicationError('service_unavailable', {
        cause: error,
        retryAfterSeconds: RETRY_AFTER_SECONDS,
      })
    : error;

const TIMESTAMPTZ = 1184;

/**
 * Parses times to `Instant` text and leaves 64-bit integers as text, since numbers would be
 * imprecise.
 */
const types = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === TIMESTAMPTZ
      ? toInstant
      : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
};

/** Wraps a pool or a connection as a `Queryable`. */
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

/** Creates a pool of connections, which are opened when they are first needed. */
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
  // Without a listener, a broken connection would end the process. The pool listens to idle
  // connections only, and replaces broken ones.
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
