import { createHmac } from 'node:crypto';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import type { Database, Statement } from '../connection/connection.ts';

type Limit = Readonly<{ points: number; seconds: number }>;
type Consumption = { allowed: true } | { allowed: false; retryAfterSeconds: number };

const TABLE = 'rate_limits';
const BATCH = 5_000;

const REMOVE_EXPIRED = {
  name: 'remove_expired_rate_limits',
  text: `DELETE FROM ${TABLE} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${TABLE} WHERE expire <= $1 LIMIT ${BATCH})) RETURNING 1`,
};

type Options = Readonly<{
  database: Database;
  /** Keeps the rows from telling whom they count: there are few addresses to try out. */
  secret: Uint8Array;
}>;

export type PostgresRateLimiter = ReturnType<typeof createPostgresRateLimiter>;

/**
 * Fixed windows, counted by one statement each, so that all processes together let exactly `points`
 * through. A process remembers who used up a limit and refuses them without asking again: a flood
 * does not reach the database. Time is the process's, as the library wants it: clocks that differ
 * move a window by as much.
 */
export const createPostgresRateLimiter = ({ database, secret }: Options) => {
  const limiters = new Map<string, RateLimiterPostgres>();
  const client = {
    query: async (statement: Statement) => ({ rows: await database.query(statement) }),
  };

  /** The library wants one for each limit; there are only as many as in the table of limits. */
  const limiterFor = ({ points, seconds }: Limit): RateLimiterPostgres => {
    const name = `${points}/${seconds}`;
    const limiter =
      limiters.get(name) ??
      new RateLimiterPostgres({
        storeClient: client,
        storeType: 'client',
        tableName: TABLE,
        tableCreated: true,
        clearExpiredByTimeout: false,
        keyPrefix: '',
        points,
        duration: seconds,
        inMemoryBlockOnConsumed: points,
      });
    limiters.set(name, limiter);
    return limiter;
  };

  const nameOf = (key: string): string => createHmac('sha256', secret).update(key).digest('hex');

  return {
    /**
     * Counts one request against `key`, which may be personal: the table sees an HMAC of it.
     * @throws ApplicationError `service_unavailable`
     */
    consume: async (key: string, limit: Limit): Promise<Consumption> => {
      try {
        await limiterFor(limit).consume(nameOf(key));
        return { allowed: true };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        const retryAfterSeconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
        return { allowed: false, retryAfterSeconds };
      }
    },

    /** Windows that are over, a batch at a time. @returns how many rows went */
    removeExpired: async (): Promise<number> => {
      for (let removed = 0; ; ) {
        const rows = await database.query({ ...REMOVE_EXPIRED, values: [Date.now()] });
        removed += rows.length;
        if (rows.length < BATCH) return removed;
      }
    },
  };
};
