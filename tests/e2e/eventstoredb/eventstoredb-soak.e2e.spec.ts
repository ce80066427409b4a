import { describe, expect, it } from 'vitest';
import { BOUND_MS, type SoakReport, soak } from '../../support/soak/soak-run.ts';

/** Minutes show more; seconds have to do in a run of everything. */
const SECONDS = Number(process.env.LATCHKEY_SOAK_SECONDS ?? 8);
const TIMEOUT_MS = SECONDS * 1_000 + 600_000;

const tell = ({ manners, events, weather, suffered, kills, readyAfterMs }: SoakReport): void => {
  if (process.env.LATCHKEY_SOAK_SECONDS === undefined) return;
  const answers = manners.counts();
  const slowestMs = manners.slowestMs();
  console.log({ answers, slowestMs, events, readyAfterMs, kills, weather, suffered });
};

const expectAllWell = (report: SoakReport): void => {
  tell(report);
  expect(report.manners.complaints).toStrictEqual([]);
  expect(report.wrong).toStrictEqual([]);
  expect(report.manners.slowestMs()).toBeLessThan(BOUND_MS);
  expect(report.readyAfterMs).toBeLessThan(10_000);
  expect(report.verify).toStrictEqual({
    code: 0,
    stdout: expect.stringMatching(/: 0 differences\n$/),
  });
  expect(report.exits).toStrictEqual([0, 0]);
  expect(report.output).not.toMatch(/unhandled|TypeError|uncaught/i);
  // It has to have been a test.
  expect(report.events).toBeGreaterThan(SECONDS * 3);
  expect(Object.keys(report.suffered)).not.toHaveLength(0);
};

describe('when faults of the event store are injected under load', () => {
  it(
    'every acknowledged event is stored once',
    async () => {
      expectAllWell(await soak({ seconds: SECONDS, kill: false }));
    },
    TIMEOUT_MS,
  );
});

describe('when servers are killed as well', () => {
  it(
    'every acknowledged event is stored once',
    async () => {
      const report = await soak({ seconds: SECONDS, kill: true });
      expect(report.kills).toBeGreaterThan(0);
      expectAllWell(report);
    },
    TIMEOUT_MS,
  );
});
