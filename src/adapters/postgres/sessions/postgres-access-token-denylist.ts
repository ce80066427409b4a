import pg from 'pg';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { AccessTokenDenylist } from '../../../application/sessions/access-token-denylist.ts';
import type { Database } from '../connection/connection.ts';

const CHANNEL = 'latchkey_revocations';
/** Upper bound on the delay of a revocation by another process when its notification is lost. */
const POLL_MS = 400;
/** Beyond this age the list may lack a revocation, and every token is refused. */
const STALE_AFTER_MS = 5_000;
const SWEEP_MS = 60_000;

type Feed = Readonly<{ horizon: string; revoked: { jti: string; expires: string }[] | null }>;

/**
 * Reads entries of transactions that were running at the last read or began since. So none is
 * missed, however late its transaction commits, and no read waits for one.
 */
const READ_FEED = {
  name: 'read_revocations',
  text: `SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS horizon,
    (SELECT json_agg(json_build_object('jti', jti, 'expires', expires_at)) FROM revoked_tokens
     WHERE listed_xid >= $1::text::xid8 AND expires_at > now() - interval '1 hour') AS revoked`,
};

/** A denylist in memory that follows the table `revoked_tokens`. */
export type PostgresAccessTokenDenylist = AccessTokenDenylist &
  Readonly<{
    /** Loads the whole list, then follows it. @throws ApplicationError `service_unavailable` */
    start(): Promise<void>;
    stop(): Promise<void>;
    isFresh(): boolean;
  }>;

/** Creates a denylist, which refuses every token until `start` has loaded it. */
export const createPostgresAccessTokenDenylist = (
  database: Database,
): PostgresAccessTokenDenylist => {
  const expiryByJti = new Map<string, number>();
  let horizon = '0';
  let syncedAt = Number.NEGATIVE_INFINITY;
  let syncing: Promise<void> | undefined;
  let syncAgain = false;
  let listener: pg.Client | undefined;
  let timers: NodeJS.Timeout[] = [];
  let stopped = false;

  const readFeed = async (): Promise<void> => {
    const startedAt = performance.now();
    const [feed] = await database.query<Feed>({ ...READ_FEED, values: [horizon] });
    if (feed === undefined) return;
    for (const { jti, expires } of feed.revoked ?? []) expiryByJti.set(jti, Date.parse(expires));
    horizon = feed.horizon;
    syncedAt = startedAt;
  };

  /** Reads one feed at a time; a call during a read ensures that another one follows. */
  const sync = (): Promise<void> => {
    if (syncing !== undefined) {
      syncAgain = true;
      return syncing;
    }
    syncing = readFeed().finally(() => {
      syncing = undefined;
      if (syncAgain && !stopped) {
        syncAgain = false;
        void sync().catch(() => undefined);
      }
    });
    return syncing;
  };

  const forgetListener = (client: pg.Client): void => {
    if (listener === client) listener = undefined;
    void client.end().catch(() => undefined);
  };

  const listen = async (): Promise<void> => {
    if (listener !== undefined || stopped) return;
    const client = new pg.Client({
      connectionString: database.connectionString,
      connectionTimeoutMillis: 3_000,
      application_name: 'latchkey denylist',
    });
    listener = client;
    client.on('error', () => forgetListener(client));
    client.on('end', () => forgetListener(client));
    client.on('notification', () => void sync().catch(() => undefined));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
    } catch {
      forgetListener(client);
    }
  };

  const sweep = (): void => {
    const now = Date.now();
    for (const [jti, expires] of expiryByJti) if (expires < now) expiryByJti.delete(jti);
  };

  const isFresh = (): boolean => performance.now() - syncedAt < STALE_AFTER_MS;

  return {
    isFresh,
    has: (jti) => {
      if (!isFresh()) throw new ApplicationError('service_unavailable', { retryAfterSeconds: 1 });
      return expiryByJti.has(jti);
    },
    add: (jti, expiresAt) => void expiryByJti.set(jti, Date.parse(expiresAt)),
    start: async () => {
      await listen();
      await sync();
      const poll = setInterval(() => {
        void listen();
        void sync().catch(() => undefined);
      }, POLL_MS);
      timers = [poll, setInterval(sweep, SWEEP_MS)];
    },
    stop: async () => {
      stopped = true;
      for (const timer of timers) clearInterval(timer);
      await syncing?.catch(() => undefined);
      await listener?.end().catch(() => undefined);
    },
  };
};
