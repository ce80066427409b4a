import type { Command } from 'commander';
import type { AdoptionFollowUp } from '../../../application/adopting/adoption-follow-up.ts';
import type { UserDrift } from '../../../application/adopting/drift-of-user.ts';
import type { RollbackReport } from '../../../application/adopting/rollback-report.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';

type WithFollowUp = <Result>(
  work: (followUp: AdoptionFollowUp) => Promise<Result>,
) => Promise<Result>;
type JsonOption = { json?: boolean };
type RollbackOptions = JsonOption & { discardEvents?: boolean; discardChanges?: boolean };

const MAX_SHOWN = 200;

const printDrift = ({ out }: Output, drift: readonly UserDrift[]): void => {
  if (drift.length > 0) {
    out(
      formatTable([
        ['user', 'kind', 'columns'],
        ...drift
          .slice(0, MAX_SHOWN)
          .map(({ userId, kind, columns }) => [userId, kind, columns.join(', ') || '-']),
      ]),
    );
  }
  if (drift.length > MAX_SHOWN) out(`… and ${drift.length - MAX_SHOWN} more`);
};

const printRollback = ({ out }: Output, { outcome, losses }: RollbackReport): void => {
  const refused = outcome === 'refused';
  const lost = refused ? 'would be lost' : 'lost';
  const events = Object.entries(losses.events);
  if (events.length > 0) {
    out(formatTable([['event', lost], ...events.map(([type, count]) => [type, String(count)])]));
  }
  if (losses.users > 0) out(`accounts created since: ${losses.users} ${lost}`);
  for (const [table, count] of Object.entries(losses.rows))
    out(`rows of ${table}: ${count} ${lost}`);
  if (!refused) {
    out('rolled back: the database has its old tables again');
    return;
  }
  const isHistory = events.length > 0 || losses.users > 0;
  const wanted = [
    ...(isHistory ? ['--discard-events'] : []),
    ...(Object.keys(losses.rows).length > 0 ? ['--discard-changes'] : []),
  ];
  out(`not rolled back: to accept this loss, add ${wanted.join(' ')}`);
};

/** Adds `adopt status|drift|rollback|finish`. */
export const addAdoptFollowUpCommands = (
  adopt: Command,
  output: Output,
  withFollowUp: WithFollowUp,
): void => {
  const onWait = () => output.err('latchkey: an adoption of this database is running: waiting');

  adopt
    .command('status')
    .description('show the phase of the adoption')
    .option('--json', 'print JSON')
    .action(async (_: JsonOption, command: Command) => {
      const status = await withFollowUp((followUp) => followUp.status());
      if (command.optsWithGlobals<JsonOption>().json === true) return printJson(output, status);
      const { phase, startedAt, adoptedAt, tables } = status;
      output.out(
        `phase    ${phase}\nstarted  ${startedAt ?? '-'}\nadopted  ${adoptedAt ?? '-'}\ntables   ${tables.join(', ') || '-'}`,
      );
    });

  adopt
    .command('drift')
    .description('list users whose old columns differ from Latchkey; exit code 1 if any do')
    .option('--json', 'print the report as JSON')
    .action(async (_: JsonOption, command: Command) => {
      const report = await withFollowUp((followUp) => followUp.drift());
      if (command.optsWithGlobals<JsonOption>().json === true) printJson(output, report);
      else {
        printDrift(output, report.drift);
        output.out(`compared ${report.users} users: ${report.drift.length} differ`);
      }
      if (report.drift.length > 0) process.exitCode = 1;
    });

  adopt
    .command('rollback')
    .description('restore the old tables; refused where data would be lost')
    .option('--discard-events', 'accept the loss of account events since the adoption')
    .option('--discard-changes', 'accept the loss of rows that the old tables cannot hold')
    .option('--json', 'print the report as JSON')
    .action(async (_: RollbackOptions, command: Command) => {
      const options = command.optsWithGlobals<RollbackOptions>();
      const discard = {
        events: options.discardEvents === true,
        changes: options.discardChanges === true,
      };
      const report = await withFollowUp((followUp) => followUp.rollBack(discard, onWait));
      if (options.json === true) printJson(output, report);
      else printRollback(output, report);
      if (report.outcome === 'refused') process.exitCode = 1;
    });

  adopt
    .command('finish')
    .description('drop the old columns and the journal; no rollback is possible afterwards')
    .action(async () => {
      await withFollowUp((followUp) => followUp.finish(onWait));
      output.out('finished: the old columns are dropped');
    });
};
