import type { Command } from 'commander';
import type {
  CopyLog,
  LogCopyReport,
  LogLocation,
} from '../../../application/event-log/log-copy.ts';
import { type Output, printJson } from '../output/output.ts';
import { createProgress } from '../output/progress.ts';
import { UsageError } from '../output/usage-error.ts';

type WithLogCopy = <Result>(work: (copyLog: CopyLog) => Promise<Result>) => Promise<Result>;

type Options = Readonly<{ from: string; to: string; wait: string; json?: boolean }>;

const LOCATIONS: readonly LogLocation[] = ['postgres', 'eventstoredb'];

const parseLocation = (name: string): LogLocation => {
  const location = LOCATIONS.find((candidate) => candidate === name);
  if (location === undefined)
    throw new UsageError(`expected ${LOCATIONS.join(' or ')}, not "${name}"`);
  return location;
};

const parseDirection = ({ from, to }: Options): LogLocation => {
  if (parseLocation(from) === parseLocation(to))
    throw new UsageError('--from and --to must differ');
  return parseLocation(to);
};

const parseWait = ({ wait }: Options): number => {
  if (!/^\d{1,6}$/.test(wait))
    throw new UsageError('--wait must be a number of seconds, 0 or more');
  return Number(wait);
};

const seconds = (milliseconds: number): string => (milliseconds / 1_000).toFixed(1);

const nextStep: Readonly<Record<LogLocation, string>> = {
  eventstoredb:
    'EventStoreDB: restart every server with EVENTSTOREDB_URL; servers without it refuse to write',
  postgres: 'PostgreSQL: start every server without EVENTSTOREDB_URL',
};

const print = ({ out }: Output, report: LogCopyReport): void => {
  const { events, copied, milliseconds, stoppedMilliseconds, to } = report;
  const rate = Math.round(copied / Math.max(milliseconds / 1_000, 0.001));
  out(`copied ${copied} of ${events} events in ${seconds(milliseconds)} s (${rate}/s)`);
  out('verified: every event and its chain, the counts, the end of every stream');
  out(`writes were stopped for ${seconds(stoppedMilliseconds)} s`);
  out(`The event log is in ${nextStep[to]}.`);
};

/** Adds `events copy`. */
export const addEventsCommands = (
  program: Command,
  output: Output,
  withLogCopy: WithLogCopy,
): void => {
  const events = program.command('events').description('the event log');

  events
    .command('copy')
    .description(
      'move the event log between PostgreSQL and EventStoreDB; the service may keep running',
    )
    .requiredOption('--from <store>', 'where the log is: postgres or eventstoredb')
    .requiredOption('--to <store>', 'where the log goes: postgres or eventstoredb')
    .option('--wait <seconds>', 'how long to wait for servers that have to be stopped', '600')
    .option('--json', 'print the report as JSON')
    .action(async (options: Options) => {
      const to = parseDirection(options);
      const waitSeconds = parseWait(options);
      const progress = await createProgress(output, 'events');
      const onNotice = (sentence: string) => {
        progress.stop();
        output.err(sentence);
      };
      try {
        const report = await withLogCopy((copyLog) =>
          copyLog(to, waitSeconds, { onProgress: progress.update, onNotice }),
        );
        progress.stop();
        if (options.json === true) printJson(output, report);
        else print(output, report);
      } finally {
        progress.stop();
      }
    });
};
