import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  EventDirectory,
  EventFilter,
} from '../../../../src/application/auditing/event-directory.ts';
import type { Position } from '../../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import { type ComposedSystem, composeSystem } from '../../../support/servers/composed-system.ts';

let system: ComposedSystem;
let events: EventDirectory;

type Planted = Readonly<{
  /** The number of the transaction, and the position in it. */
  at: readonly [transaction: number, position: number];
  stream: string;
  type?: string;
  day: string;
}>;

const PLANTED: Readonly<Record<string, Planted>> = {
  registered: { at: [7, 1], stream: 'user-ann', type: 'UserRegistered', day: '2020-01-01' },
  created: { at: [7, 2], stream: 'household-hh_1', type: 'HouseholdCreated', day: '2020-01-01' },
  started: { at: [8, 4], stream: 'tokenFamily-1', type: 'TokenFamilyStarted', day: '2020-01-02' },
  // A later transaction with an earlier position.
  rotated: { at: [10, 3], stream: 'tokenFamily-1', type: 'RefreshTokenRotated', day: '2020-01-03' },
  stranger: { at: [11, 5], stream: 'user-bob', type: 'UserRegistered', day: '2020-01-04' },
  last: { at: [1_000, 6], stream: 'user-ann', type: 'UserLocked', day: '2020-01-05' },
};

const idOf = (name: string): string =>
  `00000000-0000-4000-8000-00000000000${Object.keys(PLANTED).indexOf(name)}`;

const plant = async (name: string, { at, stream, type, day }: Planted): Promise<void> => {
  await system.sql(
    `INSERT INTO events (global_position, transaction_id, stream_id, revision, event_id, type,
        schema_version, data, metadata, occurred_at)
      VALUES ($1, $2::text::xid8, $3, $1, $4, $5, 1, '{"known": [1]}',
        '{"actor": "user_ann", "correlationId": "request-1"}', $6::timestamptz)`,
    at[1],
    at[0],
    stream,
    idOf(name),
    type,
    `${day}T00:00:00Z`,
  );
};

beforeAll(async () => {
  system = await composeSystem();
  events = system.get(tokens.events);
  for (const [name, planted] of Object.entries(PLANTED)) await plant(name, planted);
  await system.sql(
    `INSERT INTO streams (stream_id, revision, last_xid, chain, subject_id) VALUES
      ('user-ann', 1, '1', '', 'ann'), ('tokenFamily-1', 1, '1', '', 'ann'),
      ('household-hh_1', 1, '1', '', NULL), ('user-bob', 1, '1', '', 'bob')`,
  );
});
afterAll(() => system?.close());

const search = async (filter: EventFilter, before?: Position, limit = 10) => {
  const found = await events.search({ filter, before, limit });
  return found.map(({ eventId }) => Object.keys(PLANTED)[Number(eventId.slice(-1))]);
};

const ALL = ['last', 'stranger', 'rotated', 'started', 'created', 'registered'];

describe('the events of a log', () => {
  it('are listed newest first, in the order of their transactions', async () => {
    expect(await search({})).toStrictEqual(ALL);
  });

  it('are listed page by page before any of them', async () => {
    const found = await events.search({ filter: {}, before: undefined, limit: 10 });
    for (const [index, { position }] of found.entries()) {
      expect(await search({}, position)).toStrictEqual(ALL.slice(index + 1));
      expect(await search({}, position, 1)).toStrictEqual(ALL.slice(index + 1, index + 2));
    }
  });

  it('are returned as stored', async () => {
    const [last] = await events.search({ filter: {}, before: undefined, limit: 1 });
    expect(last).toStrictEqual({
      position: '00000000000000001000-00000000000000000006',
      eventId: idOf('last'),
      stream: 'user-ann',
      revision: '6',
      type: 'UserLocked',
      occurredAt: '2020-01-05T00:00:00.000Z',
      actor: 'user_ann',
      correlationId: 'request-1',
      data: { known: [1] },
    });
  });
});

describe('when events are searched', () => {
  it.each<[EventFilter, readonly string[]]>([
    [{ userId: 'ann' }, ['last', 'rotated', 'started', 'registered']],
    [{ userId: 'bob' }, ['stranger']],
    [{ userId: 'nobody' }, []],
    [{ householdId: 'hh_1' }, ['created']],
    [{ householdId: 'hh_2' }, []],
    [{ userId: 'ann', householdId: 'hh_1' }, []],
    [{ type: 'UserRegistered' }, ['stranger', 'registered']],
    [{ type: 'UserRegistered', userId: 'ann' }, ['registered']],
    [{ types: ['UserLocked', 'TokenFamilyStarted'] }, ['last', 'started']],
    [{ types: ['UserLocked'], type: 'UserRegistered' }, []],
    [{ from: '2020-01-03T00:00:00.000Z' }, ['last', 'stranger', 'rotated']],
    [{ to: '2020-01-03T00:00:00.000Z' }, ['started', 'created', 'registered']],
    [
      { userId: 'ann', from: '2020-01-02T00:00:00.000Z', to: '2020-01-04T00:00:00.000Z' },
      ['rotated', 'started'],
    ],
    [{ from: '2021-01-01T00:00:00.000Z', to: '2020-01-01T00:00:00.000Z' }, []],
  ])('those that match all criteria are found: %j', async (filter, expected) => {
    expect(await search(filter)).toStrictEqual(expected);
  });

  it('the next page continues after a filtered one', async () => {
    const filter = { userId: 'ann' };
    const [, rotated] = await events.search({ filter, before: undefined, limit: 2 });
    expect(await search(filter, rotated?.position)).toStrictEqual(['started', 'registered']);
  });
});
