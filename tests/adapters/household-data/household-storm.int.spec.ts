import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredTables } from '../../../src/application/household-data/declared-tables.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { newMember, newOwner, type Person } from '../../support/households/household-people.ts';
import { createSamples, pathOf } from '../../support/households/record-samples.ts';
import type { Answer } from '../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp, times } from '../../support/servers/running-app.ts';

const REQUESTS = 500;
const HOUSEHOLDS = 6;
/** The size of the pool, so that each of its connections is checked. */
const CONNECTIONS = 10;

let app: RunningApp;
let crowds: readonly (readonly Person[])[];
const idsOf = new Map<string, string[]>();

beforeAll(async () => {
  app = await startRunningApp();
  const samples = createSamples(app.client, declaredTables);
  crowds = await times(HOUSEHOLDS, async () => {
    const owner = await newOwner(app);
    return [
      owner,
      await newMember(app, owner.householdId, 'member'),
      await newMember(app, owner.householdId, 'viewer'),
    ];
  });
  for (const [owner] of crowds) {
    if (owner === undefined) continue;
    for (const table of declaredTables) {
      const { id } = await samples.createBare(owner, table);
      idsOf.set(table.name, [...(idsOf.get(table.name) ?? []), id]);
    }
  }
});
afterAll(() => app?.close());

/** The same numbers in every run (mulberry32). */
const createDice = (seed: number) => {
  let state = seed;
  return (sides: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % sides;
  };
};

/** Sends a request and closes the connection after a moment. */
const hangUp = (person: Person, method: string, path: string, body: object, afterMs: number) =>
  new Promise<void>((resolve) => {
    const { hostname, port } = new URL(app.url);
    const text = JSON.stringify(body);
    const headers = {
      authorization: `Bearer ${person.token}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
    };
    const request = http.request({ hostname, port, method, path, headers, agent: false });
    request.on('error', () => undefined).on('close', resolve);
    request.on('response', (response) => response.resume());
    request.end(method === 'GET' ? undefined : text);
    setTimeout(() => request.destroy(), afterMs);
  });

type Outcome = Readonly<{ person: Person; answer: Answer }>;

const bodyFor = (name: string, household: string): object =>
  name === 'tasks' ? { title: `of ${household}` } : { name: `of ${household}` };

const NAMED = declaredTables.filter(({ name }) => name !== 'transactions');

/** One request: a read, a write, or an access to another household's row. */
const act = async (roll: (sides: number) => number): Promise<Outcome | undefined> => {
  const crowd = crowds[roll(HOUSEHOLDS)] ?? [];
  const person = crowd[roll(crowd.length)];
  const table = NAMED[roll(NAMED.length)];
  if (person === undefined || table === undefined) throw new TypeError('the dice have sides');
  const ids = idsOf.get(table.name) ?? [];
  const one = `${pathOf(table)}/${ids[roll(ids.length)]}`;
  const body = bodyFor(table.name, person.householdId);
  const [method, path] = (
    [
      ['GET', `${pathOf(table)}?limit=5`],
      ['GET', one],
      ['POST', pathOf(table)],
      ['PATCH', one],
      ['DELETE', `${pathOf(table)}/nobodys`],
    ] as const
  )[roll(5)] ?? ['GET', one];
  if (roll(5) === 0) {
    await hangUp(person, method, path, body, roll(20));
    return undefined;
  }
  const sent = method === 'GET' ? {} : { body };
  return { person, answer: await app.client.call(method, path, { ...sent, token: person.token }) };
};

/** Cancels statements, ends sessions and locks rows while the requests run. */
const disturb = async (roll: (sides: number) => number, over: () => boolean): Promise<number> => {
  const client = new pg.Client({ connectionString: app.connectionString });
  await client.connect();
  let disturbed = 0;
  while (!over()) {
    const how = roll(8) === 0 ? 'pg_terminate_backend' : 'pg_cancel_backend';
    const { rows } = await client.query<{ hit: boolean }>(
      `SELECT ${how}(pid) AS hit FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'latchkey'
        AND state IN ('active', 'idle in transaction') AND pid <> pg_backend_pid()
        ORDER BY random() LIMIT 1`,
    );
    disturbed += rows.filter(({ hit }) => hit).length;
    if (roll(6) === 0) {
      const held = 'SELECT FROM payees FOR UPDATE SKIP LOCKED';
      await client.query(`BEGIN; ${held}; SELECT pg_sleep(0.1); COMMIT`);
    }
    await sleep(roll(10));
  }
  await client.end();
  return disturbed;
};

/** Every household named in an answer. */
const householdsIn = ({ text }: Answer): readonly string[] => [
  ...new Set([...text.matchAll(/hh_[0-9a-z]{26}/g)].map(([id]) => id)),
];

describe('many concurrent requests of several households, some cut off or cancelled', () => {
  let outcomes: readonly Outcome[];
  let disturbed: number;
  beforeAll(async () => {
    let over = false;
    const disturbing = disturb(createDice(7), () => over);
    const dice = createDice(42);
    const acts = await times(REQUESTS, async (n) => {
      await sleep(dice(1_500));
      return act(createDice(n));
    });
    over = true;
    disturbed = await disturbing;
    outcomes = acts.filter((outcome) => outcome !== undefined);
  });

  it('are as many as planned, and of every kind', () => {
    const statuses = new Set(outcomes.map(({ answer }) => answer.status));
    expect(outcomes.length).toBeGreaterThan(350);
    expect(disturbed).toBeGreaterThan(20);
    for (const status of [200, 201, 403, 404]) expect(statuses).toContain(status);
  });

  it('are answered as documented, or with a temporary refusal', () => {
    const unexpected = outcomes.filter(
      ({ answer }) => ![200, 201, 403, 404, 409, 503].includes(answer.status),
    );
    expect(unexpected.map(({ answer }) => answer.text)).toStrictEqual([]);
  });

  it('never see a row of another household', () => {
    const seen = outcomes.map(({ person, answer }) => ({ person, seen: householdsIn(answer) }));
    expect(seen.filter(({ seen: each }) => each.length > 0).length).toBeGreaterThan(100);
    const foreign = seen.filter(({ person, seen: each }) =>
      each.some((id) => id !== person.householdId),
    );
    expect(foreign).toStrictEqual([]);
  });

  it('never write a row of another household', async () => {
    for (const { name } of NAMED) {
      const text = name === 'tasks' ? 'title' : 'name';
      const written = await app.sql<{ stray: boolean }>(
        `SELECT ${text} <> 'of ' || household_id AS stray FROM ${name} WHERE ${text} LIKE 'of hh_%'`,
      );
      expect(written.length).toBeGreaterThan(0);
      expect(written.filter(({ stray }) => stray)).toStrictEqual([]);
    }
  });

  it('leave no connection in the pool with the context of a member', async () => {
    const database = app.get(tokens.database);
    const looks = await times(CONNECTIONS, () =>
      database.query<{ pid: number; household: string | null; role: string; wait: string }>({
        text: `SELECT pg_backend_pid() AS pid, pg_sleep(0.2),
            current_setting('latchkey.household_id', true) AS household,
            current_setting('role') AS role, current_setting('lock_timeout') AS wait`,
      }),
    );
    const found = looks.flat();
    expect(new Set(found.map(({ pid }) => pid)).size).toBe(CONNECTIONS);
    for (const { household, role, wait } of found) {
      expect({ household: household ?? '', role, wait }).toStrictEqual({
        household: '',
        role: 'none',
        wait: '0',
      });
    }
    const open = await app.sql(
      `SELECT FROM pg_stat_activity WHERE datname = current_database()
        AND state LIKE 'idle in transaction%'`,
    );
    expect(open).toStrictEqual([]);
  });
});
