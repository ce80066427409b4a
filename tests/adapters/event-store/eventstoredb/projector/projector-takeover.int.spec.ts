import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import {
  crashDuring,
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
} from '../../../../support/event-log/shared-log.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';
import { type ComposedSystem, visitor } from '../../../../support/servers/composed-system.ts';
import { PASSWORD } from '../../../../support/servers/http-client.ts';
import {
  type ServerProcess,
  startServerProcess,
} from '../../../../support/servers/latchkey-process.ts';

let log: SharedLog;
let system: ComposedSystem;
let crashing: ComposedSystem;
let userId: string;
const stops: (() => Promise<unknown>)[] = [];
beforeEach(async () => {
  log = await openSharedLog();
  system = await log.open();
  crashing = await log.openCrashing();
  const account = { email: 'ann@example.com', password: PASSWORD, displayName: 'Ann' };
  const { user } = await system.get(tokens.http).registration.registerUser(account, visitor);
  userId = user.id;
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await log?.close();
});

const leaveUnprojected = (displayName: string) =>
  crashDuring(log, 1, () =>
    crashing.get(tokens.http).changeProfile(userId, { displayName }, visitor),
  );
const isNamed = (displayName: string) =>
  eventually(async () => {
    const [row] = await system.sql<{ name: string }>('SELECT display_name AS name FROM users');
    return row?.name === displayName;
  }, `she is called ${displayName}`);

const HOLDER = `SELECT pid FROM pg_locks JOIN pg_database AS d ON d.oid = database
  WHERE datname = current_database() AND locktype = 'advisory' AND classid = 7153425
    AND objid = 2 AND granted`;
const holder = async () => {
  const rows = await system.sql<{ pid: number }>(HOLDER);
  expect(rows.length).toBeLessThan(2);
  return rows[0]?.pid;
};

const startRunner = async () => {
  const own = await log.open();
  const { stop } = own.get(tokens.runAlone)('projector', partsOf(own).projector.run);
  stops.push(stop);
  return stop;
};

/** Waits until another process has tried the lock without success. */
const standsBy = () =>
  eventually(async () => {
    const others = await system.sql(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle'
        AND query LIKE 'SELECT pg_try_advisory_lock%' AND pid NOT IN (${HOLDER})`,
    );
    return others.length > 0;
  }, 'the other one stands by');

describe('two projectors, one of which stands by', () => {
  it('take over when the running one is stopped', async () => {
    const stopFirst = await startRunner();
    await projected(system);
    await startRunner();
    await standsBy();
    const before = await holder();
    await stopFirst();
    await leaveUnprojected('Ann 1');
    await isNamed('Ann 1');
    expect(await holder()).not.toBe(before);
    await projected(system);
  });

  it('take over when the running one loses its connection', async () => {
    await startRunner();
    await startRunner();
    await projected(system);
    for (let round = 1; round <= 3; round += 1) {
      await eventually(async () => (await holder()) !== undefined, 'one of them runs');
      const [ended] = await system.sql(`SELECT pg_terminate_backend(pid) FROM (${HOLDER}) AS h`);
      expect(ended).toStrictEqual({ pg_terminate_backend: true });
      await leaveUnprojected(`Ann ${round}`);
      await isNamed(`Ann ${round}`);
    }
    await projected(system);
    expect(await system.sql('SELECT FROM event_index')).toHaveLength(7);
  });

  it('take over when the process of the running one is killed', async () => {
    const environment = {
      ...log.environment,
      DATABASE_URL: log.connectionString,
      LATCHKEY_LOG_LEVEL: 'silent',
    };
    const start = async (): Promise<ServerProcess> => {
      const server = await startServerProcess(environment);
      stops.push(() => server.stop());
      return server;
    };
    const first = await start();
    await projected(system);
    await start();
    const before = await holder();
    await first.stop('SIGKILL');
    await leaveUnprojected('Ann 1');
    await isNamed('Ann 1');
    expect(await holder()).not.toBe(before);
    await projected(system);
  });
});

describe('a running projector', () => {
  const silence = async () =>
    (await partsOf(system).checkpoint.read()).silentMilliseconds ?? Number.POSITIVE_INFINITY;

  it('writes a heartbeat every two seconds, even without events', async () => {
    expect(await silence()).toBe(Number.POSITIVE_INFINITY);
    const stop = await startRunner();
    await projected(system);
    await system.sql(`UPDATE projector_checkpoints SET heartbeat_at = 'epoch'`);
    await eventually(async () => (await silence()) < 1_000, 'it gives a sign of life');
    await stop();
    await system.sql(`UPDATE projector_checkpoints SET heartbeat_at = 'epoch'`);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await silence()).toBeGreaterThan(1_000_000);
  });

  it('continues after an outage of the store, and after a subscription was dropped or silent', async () => {
    await startRunner();
    await projected(system);
    await log.double.pause();
    await log.double.resume();
    await leaveUnprojected('Ann 1');
    await isNamed('Ann 1');
    log.double.faults.dropSubscriptions();
    await leaveUnprojected('Ann 2');
    await isNamed('Ann 2');
    log.double.faults.duplicateDeliveries(3);
    for (const name of ['Ann 3', 'Ann 4', 'Ann 5']) await leaveUnprojected(name);
    await isNamed('Ann 5');
    await projected(system);
    expect(await system.sql('SELECT FROM event_index')).toHaveLength(9);
  });
});
