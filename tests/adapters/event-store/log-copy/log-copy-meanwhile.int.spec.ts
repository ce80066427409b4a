import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { createTestClient } from '../../../support/event-log/eventstoredb-event-store.ts';
import {
  driftOf,
  openTwoStores,
  refresh,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../../support/event-log/two-stores.ts';
import type { ComposedSystem } from '../../../support/servers/composed-system.ts';

/** An aborted transaction with its only event. */
const ABORTED = '01a1ff1f-0000-7000-8000-000000000002';

let stores: TwoStores;
beforeEach(async () => {
  stores = await openTwoStores();
});
afterEach(() => stores?.close());

const refusedWith = (code: string) => (error: unknown) => {
  expect(error).toBeInstanceOf(ApplicationError);
  expect(error).toMatchObject({ code });
};

/** Refreshes until it is refused. @returns the user with the last acknowledged token */
const refreshUntilRefused = async (
  system: ComposedSystem,
  person: SignedInUser,
): Promise<SignedInUser> => {
  for (let current = person; ; ) {
    try {
      current = await refresh(system, current);
      await delay(10);
    } catch (error) {
      refusedWith('service_unavailable')(error);
      return current;
    }
  }
};

describe('when the log is copied to EventStoreDB while a server appends', () => {
  let here: ComposedSystem;
  let people: readonly SignedInUser[];

  beforeEach(async () => {
    here = await stores.open('postgres');
    people = await Promise.all([signUp(here), signUp(here), signUp(here)]);
  });

  it('every acknowledged event is copied, and no further append to PostgreSQL succeeds', async () => {
    const writing = people.map((person) => refreshUntilRefused(here, person));
    const { events, copied } = await stores.copy('eventstoredb');
    people = await Promise.all(writing);

    const log = await stores.logIn('eventstoredb');
    expect({ events, copied }).toStrictEqual({ events: log.length, copied: log.length });
    expect(log).toStrictEqual(await stores.logIn('postgres'));
    await signUp(here).catch(refusedWith('service_unavailable'));
    const there = await stores.open('eventstoredb');
    for (const person of people) await refresh(there, person);
    expect(await driftOf(there)).toStrictEqual([]);
  });

  it('the server keeps appending to PostgreSQL when the copy is interrupted, and a later copy continues', async () => {
    stores.double.faults.always('append', { kind: 'slow', milliseconds: 5 });
    for (const at of [3, 5, 8]) {
      let appends = 0;
      const { faults } = stores.double;
      const counting = setInterval(() => {
        appends = stores.double.calls().append ?? 0;
        if (appends >= at) faults.always('append', { kind: 'fail', code: 7 });
      }, 1);
      await expect(stores.copy('eventstoredb')).rejects.toBeInstanceOf(Error);
      clearInterval(counting);
      faults.clear();
      people = await Promise.all(people.map((person) => refresh(here, person)));
    }
    const present = (await stores.logIn('eventstoredb')).length;

    const { events, copied } = await stores.copy('eventstoredb');

    expect(present).toBeGreaterThan(0);
    expect({ events, copied }).toStrictEqual({ events: 12 + 9, copied: 21 - present });
    expect(await stores.logIn('eventstoredb')).toStrictEqual(await stores.logIn('postgres'));
  });
});

describe('when the log is copied back to PostgreSQL', () => {
  let there: ComposedSystem;
  let ann: SignedInUser;

  beforeEach(async () => {
    ann = await signUp(await stores.open('postgres'));
    await stores.copy('eventstoredb');
    there = await stores.open('eventstoredb');
  });

  it('the copy is refused while a server runs, which continues', async () => {
    await there.get(tokens.logLease).start();
    ann = await refresh(there, ann);

    await expect(stores.copy('postgres')).rejects.toThrow(
      '1 process still runs on this database: stop them and run the command again; it keeps what it has copied.',
    );

    ann = await refresh(there, ann);
    await there.get(tokens.logLease).stop();
  });

  it('the copy waits for servers to stop, and reports that once', async () => {
    const { start, stop, isHeld } = there.get(tokens.logLease);
    await start();
    const notices: string[] = [];
    const copying = stores.copy('postgres', {
      wait: 60,
      watch: {
        onNotice: (sentence) => {
          notices.push(sentence);
          setTimeout(() => void stop(), 1_500);
        },
      },
    });
    ann = await refresh(there, ann);
    const { copied } = await copying;

    expect(copied).toBe(1);
    expect(notices).toStrictEqual([
      '1 process still runs on this database: stop them now; the rest takes seconds.',
    ]);
    await expect.poll(isHeld, { timeout: 10_000 }).toBe(false);
    await refresh(there, ann).catch(refusedWith('service_unavailable'));
    await refresh(await stores.open('postgres'), ann);
  });

  it('aborted events are left out and all others keep their order, there and back', async () => {
    const stream = `tokenFamily-${ann.sessionId}`;
    const { EVENTSTOREDB_URL: url = '', LATCHKEY_EVENTSTOREDB_PREFIX: prefix = '' } =
      stores.settings.eventstoredb;
    const client = createTestClient({ url, prefix });
    const [started] = await client.readStream(stream, 0n);
    const metadata = { ...(started?.metadata as object), revision: '1', transaction: ABORTED };
    await client.append(stream, 0n, [
      { id: ABORTED, type: 'RefreshTokenRotated', data: {}, metadata },
    ]);
    await client.close();
    ann = await refresh(there, ann);

    await stores.copy('postgres');
    expect(await stores.logIn('postgres')).toStrictEqual(await stores.logIn('eventstoredb'));
    const here = await stores.open('postgres');
    ann = await refresh(here, ann);
    await stores.copy('eventstoredb');

    expect(
      stores.double.events().filter((event) => event.stream === `${prefix}${stream}`),
    ).toHaveLength(4);
    expect(await stores.logIn('eventstoredb')).toStrictEqual(await stores.logIn('postgres'));
    await refresh(there, ann);
    expect(await driftOf(there)).toStrictEqual([]);
  });

  it('events that a crash left unprojected are projected first', async () => {
    await stores.database.query({
      text: `CREATE FUNCTION crash() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'crash'; END $$`,
    });
    await stores.database.query({
      text: 'CREATE TRIGGER crash BEFORE UPDATE ON streams EXECUTE FUNCTION crash()',
    });
    const before = (await stores.logIn('eventstoredb')).length;
    await refresh(there, ann).catch(refusedWith('service_unavailable'));
    expect(await stores.logIn('eventstoredb')).toHaveLength(before + 1);
    await stores.database.query({ text: 'DROP FUNCTION crash() CASCADE' });

    await stores.copy('postgres');

    const here = await stores.open('postgres');
    expect(await driftOf(here)).toStrictEqual([]);
    await refresh(here, await refresh(here, ann));
  });
});
