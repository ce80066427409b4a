import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/kernel/eventually.ts';
import {
  type EventStoreJourney,
  startEventStoreJourney,
} from '../../support/servers/eventstoredb-journey.ts';
import type { ServerProcess } from '../../support/servers/latchkey-process.ts';
import {
  type AcknowledgedLoad,
  startAcknowledgedLoad,
} from '../../support/sessions/acknowledged-load.ts';

const PEOPLE = 6;
const KILLS = 4;
const ACKNOWLEDGED_BETWEEN = 20;
const UP_TO_MS = 150;

describe('when one of two processes is killed repeatedly under load', () => {
  let journey: EventStoreJourney;
  const servers: ServerProcess[] = [];
  let load: AcknowledgedLoad;

  beforeAll(async () => {
    journey = await startEventStoreJourney();
    servers.push(await journey.start(), await journey.start());
    load = startAcknowledgedLoad(
      servers.map(({ url }) => url),
      PEOPLE,
    );
  });
  afterAll(() => journey.close());

  it('the other keeps serving, and the killed one starts again each time', async () => {
    for (let kill = 0; kill < KILLS; kill += 1) {
      const enough = load.acknowledged() + ACKNOWLEDGED_BETWEEN;
      await eventually(() => load.acknowledged() >= enough, 'the load continues');
      await pause(Math.random() * UP_TO_MS);
      const victim = servers[kill % 2];
      await victim?.stop('SIGKILL');
      const PORT = new URL(victim?.url ?? '').port;
      servers[kill % 2] = await journey.start({ PORT });
    }
    await load.stop();
  }, 180_000);

  it('no acknowledged event is lost or duplicated', async () => {
    await load.expectKept(await journey.log());
  });

  it('the tables agree with the log', async () => {
    await journey.expectSound();
    const [counts] = await journey.database.query({
      text: `SELECT (SELECT count(*) FROM users WHERE household_id IS NULL)::integer AS homeless,
        (SELECT count(*) - count(DISTINCT email) FROM users)::integer AS doubled,
        (SELECT count(*) FROM (SELECT FROM refresh_tokens
          WHERE rotated_at IS NULL AND revoked_at IS NULL
          GROUP BY token_family HAVING count(*) > 1) AS r)::integer AS forked`,
    });
    expect(counts).toStrictEqual({ homeless: 0, doubled: 0, forked: 0 });
  });

  it('both processes are ready', async () => {
    for (const { url } of servers) {
      await eventually(async () => (await fetch(`${url}/health/ready`)).ok, 'it is ready');
    }
  });
});
