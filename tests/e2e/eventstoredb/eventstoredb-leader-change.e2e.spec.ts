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
const CHANGES = 4;
const ACKNOWLEDGED_BETWEEN = 25;

describe('when the leader of three nodes changes under load on two processes', () => {
  let journey: EventStoreJourney;
  let servers: readonly ServerProcess[];
  let load: AcknowledgedLoad;

  beforeAll(async () => {
    journey = await startEventStoreJourney({ nodes: 3 });
    servers = [await journey.start(), await journey.start()];
    load = startAcknowledgedLoad(
      servers.map(({ url }) => url),
      PEOPLE,
    );
  });
  afterAll(() => journey.close());

  const goOn = async () => {
    const enough = load.acknowledged() + ACKNOWLEDGED_BETWEEN;
    await eventually(() => load.acknowledged() >= enough, 'the load continues');
  };

  it('requests continue after a handover, lost connections and a lost leader', async () => {
    const { faults, leader } = journey.double;
    await goOn();
    for (let change = 0; change < CHANGES; change += 1) {
      const before = leader();
      if (change % 2 === 0) {
        expect(faults.changeLeader()).not.toBe(before);
        faults.cutConnections();
        await goOn();
      } else {
        await faults.stopNode(before);
        await goOn();
        await faults.startNode(before);
      }
      await pause(Math.random() * 200);
    }
    await load.stop();
  });

  it('no acknowledged event is lost or duplicated', async () => {
    await load.expectKept(await journey.log());
    await journey.expectSound();
  });

  it('both processes are ready, and have logged nothing about it', async () => {
    for (const { url, output } of servers) {
      await eventually(async () => (await fetch(`${url}/health/ready`)).ok, 'it is ready');
      expect(output()).not.toMatch(/unhandled|TypeError/i);
    }
  });
});
