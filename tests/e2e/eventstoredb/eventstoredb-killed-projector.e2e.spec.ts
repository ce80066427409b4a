import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import {
  type EventStoreJourney,
  startEventStoreJourney,
} from '../../support/servers/eventstoredb-journey.ts';
import {
  createHttpClient,
  expectPair,
  type HttpClient,
} from '../../support/servers/http-client.ts';
import type { ServerProcess } from '../../support/servers/latchkey-process.ts';
import { typesIn } from '../../support/servers/log-of.ts';

describe('when the process that runs the projector is killed', () => {
  let journey: EventStoreJourney;
  let runner: ServerProcess;
  let standby: HttpClient;

  beforeAll(async () => {
    journey = await startEventStoreJourney();
    // The only process runs the projector.
    runner = await journey.start();
    standby = createHttpClient((await journey.start()).url);
  });
  afterAll(async () => {
    standby.close();
    await journey.close();
  });

  const projected = async (sessionId: string): Promise<string | undefined> => {
    const [row] = await journey.database.query<{ revision: string }>({
      text: 'SELECT revision::text FROM streams WHERE stream_id = $1',
      values: [`tokenFamily-${sessionId}`],
    });
    return row?.revision;
  };

  /** No process can project during `work`; statements that wait to are terminated at its end. */
  const withoutProjection = async (work: () => Promise<void>): Promise<void> => {
    const holder = new pg.Client({ connectionString: journey.database.connectionString });
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE streams IN SHARE ROW EXCLUSIVE MODE');
    await work();
    await holder.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    await holder.query('ROLLBACK');
    await holder.end();
  };

  it('the other process projects what was only stored', async () => {
    const client = createHttpClient(runner.url);
    const session = await client.signUp();
    const family = `tokenFamily-${session.sessionId}`;
    await withoutProjection(async () => {
      const refreshing = client.refresh(session.refreshToken).catch(() => 'no answer');
      await eventually(
        async () => typesIn(await journey.log(), family).length === 2,
        'the refresh is stored',
      );
      await runner.stop('SIGKILL');
      expect(await refreshing).toBe('no answer');
      expect(await projected(session.sessionId)).toBe('0');
    });
    await eventually(
      async () => (await projected(session.sessionId)) === '1',
      'the other one projects it',
    );
    const successor = expectPair(await standby.refresh(session.refreshToken));
    expectPair(await standby.refresh(successor.refreshToken));
    client.close();
  });

  it('the other process reaches every position that a response named, and is ready', async () => {
    const session = await standby.signUp();
    const { headers } = await standby.refresh(session.refreshToken);
    const read = await standby.call('GET', '/v1/me', {
      token: session.accessToken,
      headers: { 'latchkey-min-position': String(headers['latchkey-position']) },
    });
    expect(read.status).toBe(200);
    const ready = await standby.call('GET', '/health/ready');
    expect(ready.json).toMatchObject({ status: 'ready', projector: { stuck: null } });
    await journey.expectSound();
  });
});
