/** `npm run bench`: the performance budget, measured side by side in one run. */

import { describeMachine } from './measuring/machine.ts';
import { formatMachine, formatReport, type Report, toJson } from './measuring/report.ts';
import { adoptionScenario } from './scenarios/adoption.ts';
import { appendScenario } from './scenarios/append.ts';
import { growthScenario } from './scenarios/growth.ts';
import { isolationScenario } from './scenarios/isolation.ts';
import { passwordsScenario } from './scenarios/passwords.ts';
import { rebuildScenario } from './scenarios/rebuild.ts';
import { refreshScenario } from './scenarios/refresh.ts';
import { refusalsScenario } from './scenarios/refusals.ts';
import { scaleScenario } from './scenarios/scale.ts';
import { startScenario } from './scenarios/start.ts';
import { storesScenario } from './scenarios/stores.ts';
import { theftScenario } from './scenarios/theft.ts';
import { verificationScenario } from './scenarios/verification.ts';
import { createBench } from './support/bench.ts';
import { createCleanup } from './support/cleanup/cleanup.ts';
import { settingsText } from './support/databases/bench-database.ts';
import { type Options, readOptions } from './support/options.ts';
import type { Scenario } from './support/scenario.ts';

const SCENARIOS: readonly Scenario[] = [
  passwordsScenario,
  refusalsScenario,
  refreshScenario,
  growthScenario,
  scaleScenario,
  theftScenario,
  verificationScenario,
  isolationScenario,
  appendScenario,
  storesScenario,
  startScenario,
  adoptionScenario,
  rebuildScenario,
];

const HELP = `npm run bench -- [options]
  --only <name>   one scenario; may be repeated: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --quick         fewer and shorter rounds, about two minutes: rough figures
  --from-source   run the server from the sources of this clone, not compiled
  --json          machine-readable, on stdout
`;

const choose = ({ only }: Options): readonly Scenario[] => {
  const unknown = only.filter((name) => SCENARIOS.every((scenario) => scenario.name !== name));
  if (unknown.length > 0) throw new TypeError(`no such scenario: ${unknown.join(', ')}`);
  return only.length === 0 ? SCENARIOS : SCENARIOS.filter(({ name }) => only.includes(name));
};

const runAll = async (options: Options): Promise<void> => {
  const scenarios = choose(options);
  const cleanup = createCleanup();
  const bench = createBench(options, cleanup);
  const machine = describeMachine();
  const code = options.fromSource ? 'the sources (tsx)' : 'a compiled copy';
  const settings = `server from ${code}; PostgreSQL: ${settingsText}; medians of ${bench.rounds} interleaved rounds`;
  const reports: Report[] = [];
  if (!options.json) console.log(formatMachine(machine, settings));
  try {
    for (const { run, ...scenario } of scenarios) {
      bench.progress(scenario.title);
      const report = { ...scenario, ...(await run(bench)) };
      bench.progress('');
      reports.push(report);
      if (!options.json) console.log(formatReport(report));
    }
  } finally {
    await cleanup.run();
  }
  if (options.json) console.log(toJson(machine, settings, reports));
};

const readArguments = (): Options | undefined => {
  try {
    const options = readOptions(process.argv.slice(2));
    choose(options);
    return options;
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${HELP}`);
    process.exitCode = 2;
    return undefined;
  }
};

const options = readArguments();
if (options?.help) console.log(HELP);
else if (options !== undefined) await runAll(options);
