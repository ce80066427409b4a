import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Position } from '../../../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import {
  forgetProjections,
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
  startProjector,
  startProjectorWith,
} from '../../../../support/event-log/shared-log.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';
import { dumpProjections } from '../../../../support/projections/projection-dump.ts';
import { type ComposedSystem, visitor } from '../../../../support/servers/composed-system.ts';
import { PASSWORD } from '../../../../support/servers/http-client.ts';
import { times } from '../../../../support/servers/running-app.ts';

let log: SharedLog;
let system: ComposedSystem;
beforeEach(async () => {
  log = await openSharedLog();
  system = await log.open();
});
afterEach(() => log?.close());

const register = async (name: string) => {
  const account = { email: `${name}@example.com`, username: name, displayName: name };
  const { registerUser } = system.get(tokens.http).registration;
  return registerUser({ ...account, password: PASSWORD }, visitor);
};
const rename = (userId: string, profile: { username?: string; displayName?: string }) =>
  system.get(tokens.http).changeProfile(userId, profile, visitor);
const dump = () => dumpProjections(system.get(tokens.database));

/** Every event on a separate page. */
async function* oneByOne(after: Position | undefined, signal: AbortSignal) {
  for await (const { events, end } of partsOf(system).log.follow(after, signal)) {
    for (const event of events) yield { events: [event], end: event.position };
    yield { events: [], end };
  }
}

/** After the event that references it, as if a writer did not keep the order. */
const moveToTheEnd = (category: string): void =>
  log.double.tamper((records) => {
    const isMoved = ({ stream }: { stream: string }) => stream.includes(`.${category}-`);
    const moved = records.filter(isMoved);
    const rest = records.filter((record) => !isMoved(record));
    const outcome = rest.findIndex(({ type }) => type === 'TransactionCommitted');
    rest.splice(outcome, 0, ...moved);
    records.splice(0, records.length, ...rest);
  });

describe('an append to several streams', () => {
  it.each(['household', 'tokenFamily'])(
    'that is split over pages is projected once its last row can be written: %s comes last',
    async (category) => {
      await register('ann');
      const before = await dump();
      moveToTheEnd(category);
      await forgetProjections(system);
      const stop = startProjectorWith(system, oneByOne);
      await projected(system);
      await stop();
      expect(await dump()).toStrictEqual(before);
      expect(await system.sql('SELECT FROM event_index')).toHaveLength(4);
    },
  );

  it('leaves the checkpoint before events that wait for a row until it exists', async () => {
    await register('ann');
    const { sessions, refresh_tokens } = await dump();
    moveToTheEnd('user');
    await forgetProjections(system);
    let pages = 0;
    let mayGoOn = false;
    const stop = startProjectorWith(system, async function* (after, signal) {
      for await (const page of oneByOne(after, signal)) {
        if (page.events.some(({ stream }) => stream.category === 'user')) {
          await eventually(() => mayGoOn || signal.aborted, 'the user may come');
        }
        yield page;
        pages += page.events.length;
      }
    });
    await eventually(() => pages === 2, 'all but the user is read');
    expect((await partsOf(system).checkpoint.read()).position).toBeUndefined();
    expect(Object.values(await dump()).flat()).toStrictEqual([]);
    mayGoOn = true;
    await projected(system);
    await stop();
    expect(await dump()).toMatchObject({ sessions, refresh_tokens });
    expect(await system.sql('SELECT FROM event_index')).toHaveLength(4);
  });
});

describe('a large number of events', () => {
  it('is projected in batches, each stream in its order', async () => {
    const { user } = await register('ann');
    for (let n = 1; n <= 30; n += 1) await rename(user.id, { displayName: `Ann ${n}` });
    await times(20, (n) => register(`person${n}`));
    const before = await dump();
    await forgetProjections(system);
    await system.sql('CREATE SEQUENCE batches');
    await system.sql(`CREATE FUNCTION count_batch() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN PERFORM nextval('batches'); RETURN NULL; END $$`);
    await system.sql(`CREATE TRIGGER count_batch AFTER INSERT ON event_index
      FOR EACH STATEMENT EXECUTE FUNCTION count_batch()`);
    const stop = startProjector(system);
    await projected(system);
    await stop();
    expect(await dump()).toStrictEqual(before);
    const [row] = await system.sql<{ batches: string }>(
      'SELECT last_value AS batches FROM batches',
    );
    expect(Number(row?.batches)).toBeLessThan(20);
    expect(await system.sql('SELECT FROM event_index')).toHaveLength(114);
  });

  it('may move a unique value from row to row and back', async () => {
    const [ann, ben] = [await register('ann'), await register('ben')];
    for (let round = 0; round < 3; round += 1) {
      await rename(ann.user.id, { username: 'cid' });
      await rename(ben.user.id, { username: 'ann' });
      await rename(ann.user.id, { username: 'ben' });
      await rename(ben.user.id, { username: 'cid' });
      await rename(ann.user.id, { username: 'ann' });
      await rename(ben.user.id, { username: 'ben' });
    }
    await rename(ann.user.id, { username: 'cid' });
    await rename(ben.user.id, { username: 'ann' });
    await rename(ann.user.id, { username: 'ben' });
    const before = await dump();
    await forgetProjections(system);
    const stop = startProjector(system);
    await projected(system);
    await stop();
    expect(await dump()).toStrictEqual(before);
    const names = await system.sql<{ username: string }>('SELECT username FROM users ORDER BY id');
    expect(names).toStrictEqual([{ username: 'ben' }, { username: 'ann' }]);
  });
});

describe('a stream whose earlier events are missing in the tables', () => {
  it('is projected from its own events, wherever the checkpoint is', async () => {
    const { user } = await register('ann');
    await rename(user.id, { displayName: 'Ann 1' });
    const stop = startProjector(system);
    await projected(system);
    const before = await dump();
    await system.sql('TRUNCATE users, households, identifier_claims, revoked_tokens CASCADE');
    await system.sql('DELETE FROM streams');
    const crashing = await log.openCrashing();
    await crashing.get(tokens.http).changeProfile(user.id, { displayName: 'Ann 2' }, visitor);
    await projected(system);
    await stop();
    const renamed = await dump();
    expect(renamed.identifier_claims).toStrictEqual(before.identifier_claims);
    expect(await system.sql('SELECT display_name FROM users')).toStrictEqual([
      { display_name: 'Ann 2' },
    ]);
  });
});
