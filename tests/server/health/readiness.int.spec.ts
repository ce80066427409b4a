import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  openSharedLog,
  projected,
  type SharedLog,
  startProjector,
} from '../../support/event-log/shared-log.ts';
import { eventually } from '../../support/kernel/eventually.ts';
import { type RunningApp, startRunningApp } from '../../support/servers/running-app.ts';

let log: SharedLog;
let app: RunningApp;
const stops: (() => Promise<void>)[] = [];
beforeAll(async () => {
  log = await openSharedLog();
  app = await log.serve();
  await app.client.signUp();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});
afterAll(() => log?.close());

const ready = () => app.client.call('GET', '/health/ready');
const position = async () => {
  const [row] = await app.sql<{ position: string }>('SELECT position FROM projector_checkpoints');
  return row?.position;
};
const isFailing = (...failing: string[]) =>
  eventually(async () => {
    const { json } = await ready();
    return JSON.stringify((json as { failing: string[] }).failing) === JSON.stringify(failing);
  }, `it says ${failing}`);

describe('a service whose log is in EventStoreDB', () => {
  it('is not ready where no projector has ever reported', async () => {
    expect(await ready()).toMatchObject({
      status: 503,
      json: {
        status: 'not_ready',
        failing: ['projections'],
        projector: { position: null, lagMilliseconds: 0, stuck: null },
      },
    });
  });

  it('is ready while a projector runs, and shows its position', async () => {
    stops.push(startProjector(app));
    await projected(app);
    const { status, json } = await ready();
    expect({ status, json }).toStrictEqual({
      status: 200,
      json: {
        status: 'ready',
        failing: [],
        projector: {
          position: await position(),
          lagMilliseconds: expect.any(Number),
          stuck: null,
        },
      },
    });
    expect(await position()).toMatch(/^\d{20}-\d{20}$/);
  });

  it('shows the delay of the last event that the projector handled', async () => {
    await app.sql(`UPDATE projector_checkpoints SET lag_milliseconds = 4321`);
    expect((await ready()).json).toMatchObject({ projector: { lagMilliseconds: 4_321 } });
    log.double.faults.stallSubscriptions();
    stops.push(startProjector(app));
    await app.client.signUp();
    await new Promise((resolve) => setTimeout(resolve, 700));
    log.double.faults.resumeSubscriptions();
    await projected(app);
    const { projector } = (await ready()).json as { projector: { lagMilliseconds: number } };
    expect(projector.lagMilliseconds).toBeGreaterThanOrEqual(500);
    expect(projector.lagMilliseconds).toBeLessThan(4_321);
  });

  it('is ready for half a minute after the projector last reported, and not ready afterwards', async () => {
    const seen = (seconds: number) =>
      app.sql(
        `UPDATE projector_checkpoints SET heartbeat_at = now() - make_interval(secs => ${seconds})`,
      );
    await seen(28);
    expect((await ready()).status).toBe(200);
    await seen(31);
    expect((await ready()).json).toMatchObject({ failing: ['projections'] });
    stops.push(startProjector(app));
    await isFailing();
  });

  it('is not ready while the event store is unreachable, and ready once it is back', async () => {
    stops.push(startProjector(app));
    await isFailing();
    await log.double.pause();
    await isFailing('event store');
    expect((await ready()).status).toBe(503);
    expect((await app.client.call('GET', '/health/live')).status).toBe(200);
    await log.double.resume();
    await isFailing();
  }, 120_000);
});

describe('a service whose log is in PostgreSQL', () => {
  it('shows no projector', async () => {
    const other = await startRunningApp();
    const { status, json } = await other.client.call('GET', '/health/ready');
    await other.close();
    expect({ status, json }).toStrictEqual({ status: 200, json: { status: 'ready', failing: [] } });
  });
});
