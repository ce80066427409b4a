import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAfterRestore } from '../../../../src/adapters/postgres/event-log/after-restore.ts';
import { createPostgresLogLease } from '../../../../src/adapters/postgres/event-log/postgres-log-lease.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { collect } from '../../../support/event-log/event-store-fixtures.ts';
import { type RunningApp, startRunningApp } from '../../../support/servers/running-app.ts';

/** Simulates rows of a cluster with much higher transaction ids. */
const FAR = '900000000000';

describe('a database that was restored into another cluster', () => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await startRunningApp();
    const { accessToken } = await app.client.signUp();
    await app.client.call('DELETE', '/v1/sessions/current', { token: accessToken });
    await app.sql(`UPDATE streams SET last_xid = '${FAR}'`);
    await app.sql(`UPDATE events SET transaction_id = '${FAR}'`);
    await app.sql(`UPDATE revoked_tokens SET listed_xid = '${FAR}'`);
    await app.sql(
      `INSERT INTO policy_checkpoints SELECT 'mail',
        lpad('${FAR}', 20, '0') || '-' || lpad(max(global_position)::text, 20, '0'), now() FROM events`,
    );
  });
  afterAll(() => app.close());

  const afterRestore = () => createAfterRestore(app.get(tokens.database))();

  const readLog = () => collect(app.get(tokens.eventStore).readAll());

  it('has an unreadable log', async () => {
    expect(await readLog()).toStrictEqual([]);
  });

  it('is not changed while a server runs on it', async () => {
    const hold = createPostgresLogLease(app.get(tokens.database), 'postgres');
    expect(await hold.start()).toBe(true);
    expect(await afterRestore()).toBeUndefined();
    await hold.stop();
  });

  it('is adjusted to its new server', async () => {
    const events = await app.countEvents();
    expect(await afterRestore()).toStrictEqual({
      streams: 3,
      events,
      revoked_tokens: 1,
      policy_checkpoints: 1,
    });
    expect((await readLog()).map(({ event }) => event.type)).toStrictEqual(await app.events());
  });

  it('accepts new events, which are read after the old ones and cause mails', async () => {
    const before = (await readLog()).length;
    await app.client.signUp();
    // Waits until all open transactions of the cluster have ended.
    await expect
      .poll(async () => (await readLog()).length, { timeout: 30_000 })
      .toBeGreaterThan(before);
    const log = await readLog();
    const checkpoint = await app.get(tokens.mailQueue).checkpoint();
    expect(checkpoint).toBe(log[before - 1]?.position);
  });

  it('needs no second adjustment', async () => {
    const { streams, ...others } = (await afterRestore()) ?? {};
    expect(streams).toBe(3);
    expect(others).toMatchObject({ policy_checkpoints: 0, revoked_tokens: 0 });
  });
});
