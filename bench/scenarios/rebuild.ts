import { atLeast, atMost, type Figures } from '../measuring/findings.ts';
import type { Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import type { BenchDatabase } from '../support/databases/bench-database.ts';
import type { Scenario } from '../support/scenario.ts';

/** Users with about ten events each. */
const PEOPLE = { full: 100_000, quick: 3_000 };
const ROUNDS = { full: 3, quick: 1 };
/** Upper bound on memory, independent of the size of the log. */
const PEAK_MIB = 700;

const LABELS = {
  rebuild: 'rebuild: read, decrypt, fold, write, compare',
  'copy and fold': 'log read, decrypted, folded without limit, rows written',
  'fold in sql': 'one SQL statement per table, nothing decrypted',
  'copy rows': 'log read, rows read and written',
} as const;
type Step = keyof typeof LABELS;

type WorkerResult = Readonly<{ seconds: number; events: number; rows: number; peakMiB: number }>;

const work = async (bench: Bench, on: BenchDatabase, ...args: string[]): Promise<WorkerResult> =>
  JSON.parse(await bench.runWorker('rebuild-worker', on, args)) as WorkerResult;

const contender = (bench: Bench, on: BenchDatabase, step: Step): Contender => ({
  label: LABELS[step],
  measure: async (): Promise<Figures> => {
    const { seconds, events, peakMiB } = await work(bench, on, step);
    return { 'events/s': events / seconds, seconds, 'peak MiB': peakMiB };
  },
});

export const rebuildScenario: Scenario = {
  name: 'rebuild',
  title: 'Rebuild of all tables from the log',
  meaning: [
    `A log of about ${(PEOPLE.full * 10).toLocaleString('en-US')} events of ${PEOPLE.full.toLocaleString('en-US')} users (--quick: ${PEOPLE.quick.toLocaleString('en-US')}): sign-ups with default households, sign-ins,`,
    'rotations, changed addresses and names, revocations, memberships; personal fields are encrypted. The budget',
    'refers to the second row: the same work without a memory limit and without comparison. The third row keeps',
    'encrypted values as they are, so it cannot fill the tables; it shows the time of set-based SQL.',
  ],
  run: async (bench) => {
    const size = bench.quick ? 'quick' : 'full';
    const database = await bench.createDatabase('latchkey_rebuilt');
    bench.progress('filling the log');
    const filled = await work(bench, database, 'fill', String(PEOPLE[size]));
    bench.progress('filling the tables');
    const first = await work(bench, database, 'rebuild');
    const steps = Object.keys(LABELS) as readonly Step[];
    const { rows, ratio, median } = await bench.compare(
      steps.map((step) => contender(bench, database, step)),
      { rounds: ROUNDS[size], warmUp: 0 },
    );
    return {
      rows,
      budgets: [
        atLeast(
          'rebuild, to reading, folding and writing alone',
          ratio('events/s', LABELS.rebuild, LABELS['copy and fold']),
          0.5,
        ),
        atMost('memory of a rebuild', median('peak MiB', LABELS.rebuild), PEAK_MIB, 'MiB'),
      ],
      notes: [
        `${filled.events.toLocaleString('en-US')} events make ${first.rows.toLocaleString('en-US')} rows`,
        `into empty tables: ${Math.round(first.events / first.seconds).toLocaleString('en-US')} events/s, ${Math.round(first.peakMiB)} MiB`,
      ],
    };
  },
};
