import { describe, expect, it } from 'vitest';
import { type SoakReport, soak } from '../../support/soak/soak-run.ts';

/** Minutes find more; a run of all tests has only seconds. */
const SECONDS = Number(process.env.LATCHKEY_SOAK_SECONDS ?? 8);
const TIMEOUT_MS = SECONDS * 1_000 + 600_000;

const print = ({
  observations,
  events,
  faults,
  suffered,
  kills,
  readyAfterMs,
}: SoakReport): void => {
  if (process.env.LATCHKEY_SOAK_SECONDS === undefined) return;
  const answers = observations.counts();
  const slowestMs = observations.slowestMs();
  console.log({ answers, slowestMs, events, readyAfterMs, kills, faults, suffered });
};

const expectNoFaults = (report: SoakReport): void => {
  print(report);
  expect(report.observations.violations).toStrictEqual([]);
  expect(report.wrong).toStrictEqual([]);
  expect(report.readyAfterMs).not.toBeNull();
  expect(report.verify).toStrictEqual({
    code: 0,
    stdout: expect.stringMatching(/: 0 differences\n$/),
  });
  expect(report.exits).toStrictEqual([0, 0]);
  expect(report.output).not.toMatch(/unhandled|TypeError|uncaught/i);
  // The run must have had load and faults.
  expect(report.events).toBeGreaterThan(SECONDS * 3);
  expect(Object.keys(report.suffered)).not.toHaveLength(0);
};

describe('when faults of the event store are injected under load', () => {
  it(
    'every acknowledged event is stored once',
    async () => {
      expectNoFaults(await soak({ seconds: SECONDS, kill: false }));
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
      expectNoFaults(report);
    },
    TIMEOUT_MS,
  );
});
