import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogLocation } from '../../../src/application/event-log/log-copy.ts';
import { startCopy } from '../../support/event-log/copy-process.ts';
import { openTwoStores, type TwoStores } from '../../support/event-log/two-stores.ts';
import { createHttpClient, expectPair, type SignedIn } from '../../support/servers/http-client.ts';
import {
  runLatchkey,
  type ServerProcess,
  startServerProcess,
} from '../../support/servers/latchkey-process.ts';

/** Parallel requests, few enough to leave capacity for the copy. */
const PAUSE_MS = 100;
const WITHIN = 180_000;

describe('when the log of two servers under load is moved', { timeout: WITHIN }, () => {
  let stores: TwoStores;
  let servers: readonly ServerProcess[] = [];
  const people: SignedIn[] = [];

  const environment = (location: LogLocation) => ({
    EVENTSTOREDB_URL: '',
    ...stores.settings[location],
    LATCHKEY_LOG_LEVEL: 'error',
    LATCHKEY_RATE_LIMITS: 'off',
  });

  const serve = async (location: LogLocation): Promise<void> => {
    servers = await Promise.all([
      startServerProcess(environment(location)),
      startServerProcess(environment(location)),
    ]);
  };

  const stop = async (): Promise<void> => {
    await Promise.all(servers.map((server) => server.stop()));
    servers = [];
  };

  const clientOf = (n: number) => createHttpClient(servers[n % 2]?.url ?? '');

  /** All users refresh and sign in at both servers until `signal` aborts. */
  const load = (signal: AbortSignal): Promise<void>[] =>
    people.map(async (_, n) => {
      const client = clientOf(n);
      for (let turn = 0; !signal.aborted; turn += 1) {
        const person = people[n];
        if (person === undefined) return;
        const answer = await client.refresh(person.refreshToken).catch(() => undefined);
        if (answer?.status === 200) people[n] = { ...person, ...expectPair(answer) };
        if (turn % 20 === 0) await client.signIn(person.user.email).catch(() => undefined);
        await delay(PAUSE_MS);
      }
      client.close();
    });

  /** @param onNotice called when the copy prints a notice for the operator */
  const copy = async (to: LogLocation, onNotice: () => Promise<void> = async () => undefined) => {
    const copying = await startCopy(to, environment('eventstoredb'));
    let acting: Promise<void> | undefined;
    copying.child.stderr.once('data', () => {
      acting = onNotice();
    });
    const { code, stdout, stderr } = await copying.finished;
    await acting;
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: expect.any(String) });
    return { report: JSON.parse(stdout), stderr };
  };

  const expectEverybodyServed = async (location: LogLocation): Promise<void> => {
    for (const [n, person] of people.entries()) {
      const client = clientOf(n);
      const pair = expectPair(await client.refresh(person.refreshToken));
      people[n] = { ...person, ...pair };
      expect((await client.me(pair.accessToken)).status).toBe(200);
      expect((await client.signIn(person.user.email)).status).toBe(201);
      client.close();
    }
    const { code, stdout } = await runLatchkey(['projections', 'verify'], environment(location));
    expect({ code, stdout }).toStrictEqual({
      code: 0,
      stdout: expect.stringMatching(/: 0 differences\n$/),
    });
  };

  beforeAll(async () => {
    stores = await openTwoStores();
    await serve('postgres');
    const client = clientOf(0);
    for (let n = 0; n < 4; n += 1) people.push(await client.signUp());
    client.close();
  });
  afterAll(async () => {
    await stop();
    await stores?.close();
  });

  it('clients keep using their tokens after the move to EventStoreDB', async () => {
    const over = new AbortController();
    const loading = load(over.signal);
    const { report } = await copy('eventstoredb');
    over.abort();
    await Promise.all(loading);

    expect(report).toMatchObject({ to: 'eventstoredb', copied: report.events });
    const client = clientOf(0);
    expect(await stores.logIn('eventstoredb')).toHaveLength(report.events);
    const refused = await client.refresh(people[0]?.refreshToken ?? '');
    expect(refused.json).toMatchObject({ code: 'service_unavailable' });
    await expect
      .poll(async () => (await client.call('GET', '/health/ready')).json, { timeout: 10_000 })
      .toMatchObject({ status: 'not_ready', failing: ['event log moved'] });
    client.close();

    await stop();
    await serve('eventstoredb');
    await expectEverybodyServed('eventstoredb');
  });

  it('the log is moved back to PostgreSQL once the servers are stopped', async () => {
    const over = new AbortController();
    const loading = load(over.signal);
    const { report, stderr } = await copy('postgres', async () => {
      over.abort();
      await Promise.all(loading);
      await stop();
    });

    expect(stderr).toBe(
      '2 processes still run on this database: stop them now; the rest takes seconds.\n',
    );
    const log = await stores.logIn('eventstoredb');
    expect(report.events).toBe(log.length);
    expect(await stores.logIn('postgres')).toStrictEqual(log);
    await serve('postgres');
    await expectEverybodyServed('postgres');
  });
});
