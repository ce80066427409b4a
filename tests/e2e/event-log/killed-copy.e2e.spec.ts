import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countRows } from '../../../src/adapters/postgres/connection/count-rows.ts';
import type { LogLocation } from '../../../src/application/event-log/log-copy.ts';
import { startCopy } from '../../support/event-log/copy-process.ts';
import {
  driftOf,
  openTwoStores,
  refresh,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../support/event-log/two-stores.ts';
import type { ComposedSystem } from '../../support/servers/composed-system.ts';

const WITHIN = 150_000;

describe('when a copy of the log is killed', { timeout: WITHIN }, () => {
  let stores: TwoStores;
  let people: readonly SignedInUser[];

  const refreshAll = async (system: ComposedSystem, times: number): Promise<void> => {
    for (let n = 0; n < times; n += 1) {
      people = await Promise.all(people.map((person) => refresh(system, person)));
    }
  };

  const countIn = async (home: LogLocation): Promise<number> => {
    if (home === 'eventstoredb') return stores.double.events().length;
    return countRows(stores.database, 'events');
  };

  /** Waits until `count` events have arrived. */
  const killAt = async (to: LogLocation, arrived: number): Promise<void> => {
    const { child, finished } = await startCopy(to, stores.settings.eventstoredb);
    await expect
      .poll(() => countIn(to), { timeout: WITHIN / 3, interval: 5 })
      .toBeGreaterThanOrEqual(arrived);
    child.kill('SIGKILL');
    expect((await finished).stdout).toBe('');
  };

  const finish = async (to: LogLocation) => {
    const { finished } = await startCopy(to, stores.settings.eventstoredb);
    const { code, stdout, stderr } = await finished;
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    return JSON.parse(stdout);
  };

  beforeAll(async () => {
    stores = await openTwoStores();
    const here = await stores.open('postgres');
    people = await Promise.all([signUp(here), signUp(here), signUp(here)]);
    await refreshAll(here, 10);
  });
  afterAll(() => stores?.close());

  it('the log stays where it is, and the next copy continues: to EventStoreDB', async () => {
    stores.double.faults.always('append', { kind: 'slow', milliseconds: 20 });
    const here = await stores.open('postgres');
    for (let n = 1; n <= 3; n += 1) {
      await killAt('eventstoredb', 10 * n + Math.floor(Math.random() * 8));
      await refreshAll(here, 1);
    }
    stores.double.faults.clear();
    const present = await countIn('eventstoredb');

    const { events, copied } = await finish('eventstoredb');

    expect({ events, copied }).toStrictEqual({ events: 12 + 39, copied: 51 - present });
    expect(await stores.logIn('eventstoredb')).toStrictEqual(await stores.logIn('postgres'));
    expect(await driftOf(await stores.open('eventstoredb'))).toStrictEqual([]);
  });

  it('the log stays where it is, and the next copy continues: to PostgreSQL', async () => {
    const there = await stores.open('eventstoredb');
    await refreshAll(there, 3);
    const before = await countIn('postgres');
    await killAt('postgres', before + 9);
    await refreshAll(there, 2);

    const { events, copied } = await finish('postgres');

    expect({ events, copied }).toStrictEqual({ events: 51 + 15, copied: 6 });
    expect(await stores.logIn('postgres')).toStrictEqual(await stores.logIn('eventstoredb'));
    const here = await stores.open('postgres');
    await refreshAll(here, 1);
    expect(await driftOf(here)).toStrictEqual([]);
  });
});
