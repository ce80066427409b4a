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
  /**
   * Key of the HMAC over counted keys. Plain hashes could be reversed: there are few addresses to
   * try.
   */
  secret: Uint8Array;
}>;

/** Counts requests against limits; see `createPostgresRateLimiter`. */
export type PostgresRateLimiter = ReturnType<typeof createPostgresRateLimiter>;

/**
 * Counts requests in fixed windows, by one statement each, so that all processes together allow
 * exactly `points`. A process caches exhausted keys and refuses them itself: a flood does not reach
 * the database. The library uses the process's clock; clocks that differ shift a window by their
 * difference.
 */
export const createPostgresRateLimiter = ({ database, secret }: Options) => {
  const limiters = new Map<string, RateLimiterPostgres>();
  const client = {
    query: async (statement: Statement) => ({ rows: await database.query(statement) }),
  };

  /** The library needs one limiter per limit; there are few limits. */
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

    /** Deletes expired windows in batches. @returns how many rows it deleted */
    removeExpired: async (): Promise<number> => {
      for (let removed = 0; ; ) {
        const rows = await database.query({ ...REMOVE_EXPIRED, values: [Date.now()] });
        removed += rows.length;
        if (rows.length < BATCH) return removed;
      }
    },
  };
};
