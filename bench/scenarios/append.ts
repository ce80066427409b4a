import { atLeast } from '../measuring/findings.ts';
import type { Contender } from '../measuring/rounds.ts';
import type { Written } from '../support/processes/bench-server.ts';
import type { Scenario } from '../support/scenario.ts';

const STREAMS = { full: 1_000, quick: 300 };
const CONCURRENCIES = [1, 10] as const;

const LABELS: Readonly<Record<Written, string>> = {
  row: 'INSERT of one row',
  displayNameChanged: 'append, one row changes',
  refreshTokenRotated: 'append of a rotation, three rows change',
};

const labelFor = (what: Written, concurrency: number) =>
  `${LABELS[what]}, ${concurrency} at a time`;

export const appendScenario: Scenario = {
  name: 'append',
  title: 'Append with inline projections',
  meaning: [
    'Appends through the event store with the real codec (validation, encryption, hash chain) and the real',
    'projections, each event to a separate stream, compared with a prepared one-row INSERT by the same',
    'driver. Every commit reaches the disk. CPU µs is the processor time of the writing process.',
  ],
  run: async (bench) => {
    const server = await bench.startBenchServer();
    const streams = STREAMS[bench.quick ? 'quick' : 'full'];
    const contenders = CONCURRENCIES.flatMap((concurrency) =>
      (['row', 'displayNameChanged', 'refreshTokenRotated'] as const).map(
        (what): Contender => ({
          label: labelFor(what, concurrency),
          measure: () => server.write(what, concurrency, streams),
        }),
      ),
    );
    const { rows, ratio } = await bench.compare(contenders);
    await server.stop();
    const perInsert = (what: Written, n: number) =>
      ratio('1/s', labelFor(what, n), labelFor('row', n));
    return {
      rows,
      budgets: CONCURRENCIES.map((n) =>
        atLeast(`appends per INSERT, ${n} at a time`, perInsert('displayNameChanged', n), 0.6),
      ),
      notes: CONCURRENCIES.map(
        (n) =>
          `rotations per INSERT, ${n} at a time: ${perInsert('refreshTokenRotated', n).toFixed(2)}`,
      ),
    };
  },
};
