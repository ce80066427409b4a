import { loadLargeDump } from '../../tests/support/adopting/legacy-database.ts';
import { atMost, type Figures, type Row } from '../measuring/findings.ts';
import { percentile } from '../measuring/statistics.ts';
import type { Bench } from '../support/bench.ts';
import { startQueryLoop } from '../support/clients/query-loop.ts';
import type { BenchDatabase } from '../support/databases/bench-database.ts';
import type { Scenario } from '../support/scenario.ts';

const SIZES = {
  full: { users: 100_000, rows: 1_000_000 },
  quick: { users: 2_000, rows: 20_000 },
};

/** Queries of an application's first page, which work before, during and after an adoption. */
const QUESTIONS = {
  tasks: 'SELECT title, completed FROM tasks ORDER BY created_at LIMIT 20',
  users: 'SELECT count(*) FROM (SELECT FROM users LIMIT 20) AS page',
};

const ADOPT = 'adopt: one shared household';
const ADOPT_EACH = 'adopt: one household per user';
const ROLLBACK = 'roll back';

/** Times a command while two connections read without a pause. */
const timeCommand = async (
  bench: Bench,
  database: BenchDatabase,
  args: readonly string[],
): Promise<Figures> => {
  const { connectionString } = database;
  const tasks = await startQueryLoop(connectionString, QUESTIONS.tasks);
  const users = await startQueryLoop(connectionString, QUESTIONS.users);
  const began = performance.now();
  const command = bench.runCommand(database, ['adopt', ...args]);
  const ended = command.then(
    () => (performance.now() - began) / 1_000,
    () => Number.NaN,
  );
  const [, seconds, ofTasks, ofUsers] = await Promise.all([
    command,
    ended,
    ended.then(tasks.stop),
    ended.then(users.stop),
  ]);
  return {
    seconds,
    'tasks: p99 wait ms': percentile(ofTasks, 0.99),
    'tasks: longest ms': percentile(ofTasks, 1),
    'users: longest ms': percentile(ofUsers, 1),
  };
};

export const adoptionScenario: Scenario = {
  name: 'adoption',
  title: 'Adopting a database in production',
  meaning: [
    `${SIZES.full.users.toLocaleString('en-US')} users with numeric ids and ${SIZES.full.rows.toLocaleString('en-US')} tasks (--quick: ${SIZES.quick.users} and ${SIZES.quick.rows}); every id becomes text.`,
    'Seconds from the start of the command to its end. Meanwhile two connections read tasks and users',
    'without a pause; their waits are those of the application.',
  ],
  run: async (bench) => {
    const size = SIZES[bench.quick ? 'quick' : 'full'];
    const database = await bench.createDatabase('latchkey_adopted');
    bench.progress('loading the database to adopt');
    await loadLargeDump(database, size);
    const steps: readonly (readonly [label: string, args: readonly string[]])[] = [
      [ADOPT, ['--table', 'tasks']],
      [ROLLBACK, ['rollback']],
      [ADOPT_EACH, ['--table', 'tasks', '--households', 'per-user']],
    ];
    // The first command of a run compiles what it runs.
    await bench.runCommand(database, ['adopt', '--table', 'tasks', '--dry-run']);
    const rows: Row[] = [];
    for (const [label, args] of steps) {
      bench.progress(label);
      rows.push({ label, figures: await timeCommand(bench, database, args) });
    }
    const longest = (label: string) =>
      rows.find((row) => row.label === label)?.figures['tasks: longest ms'] ?? Number.NaN;
    return {
      rows,
      budgets: [
        atMost('longest wait of a reader while adopting', longest(ADOPT), 1_000, 'ms'),
        atMost('the same with one household per user', longest(ADOPT_EACH), 1_000, 'ms'),
      ],
    };
  },
};
