import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import {
  crashDuring,
  forgetProjections,
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
  startProjector,
} from '../../../../support/event-log/shared-log.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';
import { dumpProjections } from '../../../../support/projections/projection-dump.ts';
import { type ComposedSystem, visitor } from '../../../../support/servers/composed-system.ts';
import { PASSWORD } from '../../../../support/servers/http-client.ts';
import { times } from '../../../../support/servers/running-app.ts';

let log: SharedLog;
let system: ComposedSystem;
let userId: string;

/** Records every display name that was ever written, in order. */
const WATCH = `
  CREATE TABLE written (at serial, display_name text);
  CREATE FUNCTION watch() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN INSERT INTO written (display_name) VALUES (NEW.display_name); RETURN NEW; END $$;
  CREATE TRIGGER watch AFTER UPDATE ON users FOR EACH ROW
    WHEN (OLD.display_name <> NEW.display_name) EXECUTE FUNCTION watch()`;

beforeEach(async () => {
  log = await openSharedLog();
  system = await log.open();
  const account = { email: 'ann@example.com', password: PASSWORD, displayName: 'Ann 0' };
  const { user } = await system.get(tokens.http).registration.registerUser(account, visitor);
  userId = user.id;
  await system.sql(WATCH);
});
afterEach(() => log?.close());

const rename = (by: ComposedSystem, name: number | string) =>
  by.get(tokens.http).changeProfile(userId, { displayName: `Ann ${name}` }, visitor);
const renameOften = async (by: ComposedSystem, from: number, to: number) => {
  for (let n = from; n <= to; n += 1) await rename(by, n);
};
const names = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, n) => `Ann ${from + n}`);

const written = async () => {
  const rows = await system.sql<{ display_name: string }>(
    'SELECT display_name FROM written ORDER BY at',
  );
  return rows.map((row) => row.display_name);
};
const indexed = async () => {
  const rows = await system.sql<{ event: string }>(
    `SELECT stream_id || ' ' || revision AS event FROM event_index ORDER BY position`,
  );
  return rows.map(({ event }) => event);
};
const stored = () =>
  log.double
    .events()
    .map(({ stream, metadata }) => [
      stream.slice(log.environment.LATCHKEY_EVENTSTOREDB_PREFIX?.length),
      (metadata as { revision?: string }).revision,
    ])
    .flatMap(([stream, revision]) => (revision === undefined ? [] : [`${stream} ${revision}`]));

describe('an event', () => {
  it('is projected once when its writer is first, and the projector confirms it', async () => {
    await renameOften(system, 1, 5);
    expect(await indexed()).toStrictEqual([]);
    const stop = startProjector(system);
    await projected(system);
    await stop();
    expect(await written()).toStrictEqual(names(1, 5));
    expect(await indexed()).toStrictEqual(stored());
  });

  it('is projected once when the projector is first, and its writer answers', async () => {
    const stop = startProjector(system);
    await renameOften(await log.openCrashing(), 1, 5);
    await stop();
    expect(await written()).toStrictEqual(names(1, 5));
  });

  it('is projected once and after its predecessors when both project at the same time', async () => {
    const stop = startProjector(system);
    const second = await log.open();
    const last = [system, second].map(async (by, which) => {
      for (let n = 1; n <= 25; n += 1) await rename(by, `${which}.${n}`);
    });
    await Promise.all(last);
    await projected(system);
    await stop();
    const all = await written();
    for (const which of [0, 1]) {
      const own = all.filter((name) => name.startsWith(`Ann ${which}.`));
      expect(own).toStrictEqual(names(1, 25).map((name) => name.replace(' ', ` ${which}.`)));
    }
    expect(all).toHaveLength(50);
    expect(await indexed()).toStrictEqual(stored());
  });

  it('is projected once when two projectors run by mistake', async () => {
    const second = await log.open();
    const crashing = await log.openCrashing();
    const stops = [startProjector(system), startProjector(second)];
    const seen: string[] = [];
    const watching = setInterval(async () => {
      const { position } = await partsOf(system).checkpoint.read();
      if (position !== undefined) seen.push(position);
    }, 5);
    await renameOften(crashing, 1, 15);
    await projected(system);
    clearInterval(watching);
    for (const stop of stops) await stop();
    expect(await written()).toStrictEqual(names(1, 15));
    expect(await indexed()).toStrictEqual(stored());
    expect(seen.length).toBeGreaterThan(10);
    expect(seen).toStrictEqual([...seen].sort());
  });
});

describe('a projector with a log that was never projected', () => {
  it('produces the same tables as the writers', async () => {
    const { registration, rotateRefreshToken, endSession } = system.get(tokens.http);
    await renameOften(system, 1, 3);
    await times(12, async (n) => {
      const account = { email: `p${n}@example.com`, password: PASSWORD, displayName: `P ${n}` };
      const { user, refreshToken, sessionId } = await registration.registerUser(account, visitor);
      await rotateRefreshToken(refreshToken, visitor);
      if (n % 2 === 0) await endSession({ userId: user.id, sessionId }, visitor);
    });
    const before = await dumpProjections(system.get(tokens.database));
    expect(before.sessions).toHaveLength(13);
    await forgetProjections(system);
    const stop = startProjector(system);
    await projected(system);
    await stop();
    expect(await dumpProjections(system.get(tokens.database))).toStrictEqual(before);
  });

  it('projects the last event of a stream that no writer has projected', async () => {
    await crashDuring(log, 1, async () => rename(await log.openCrashing(), 'late'));
    const stop = startProjector(system);
    await eventually(async () => (await written()).length > 0, 'it is projected');
    await stop();
    expect(await written()).toStrictEqual(['Ann late']);
  });
});
