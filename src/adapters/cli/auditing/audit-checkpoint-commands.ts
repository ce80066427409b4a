import type { Command } from 'commander';
import {
  type CheckpointContent,
  readCheckpointContent,
} from '../../../application/auditing/evidence/log-checkpoint.ts';
import type { LogCheckpoint } from '../../../application/auditing/evidence/log-checkpoints.ts';
import type { CheckpointOutcome } from '../../../application/auditing/evidence/make-checkpoint.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';
import { writeCheckpointFile } from './checkpoint-file.ts';
import { formatFindings } from './log-findings.ts';
import type { WithAudit } from './with-audit.ts';

type MakeOptions = Readonly<{ accept?: boolean; json?: boolean }>;
type ListOptions = Readonly<{ export?: string; json?: boolean }>;

const describeMade = ({ number, streams, events, total, accepted, root }: CheckpointContent) =>
  [
    `checkpoint ${number}: ${events} events in ${streams} streams, ${total} in all`,
    `root ${root}`,
    ...(accepted > 0 ? [`accepted as they are: ${accepted} streams`] : []),
  ].join('\n');

const reportOutcome = (output: Output, outcome: CheckpointOutcome): void => {
  switch (outcome.kind) {
    case 'made':
      output.out(describeMade(outcome.content));
      return;
    case 'nothing_new':
      output.out('nothing new since the last checkpoint');
      return;
    case 'forged':
      output.err(
        `Checkpoint ${outcome.number} has no valid signature: nothing was signed. Run latchkey audit verify.`,
      );
      return;
    case 'refused':
      output.out(formatFindings(outcome.findings));
      output.err(
        `${outcome.totalFindings} findings: nothing was signed. Run latchkey audit verify.`,
      );
  }
};

const addMakeCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('checkpoint')
    .description('sign the current end of every stream; the service does so regularly')
    .option('--accept', 'sign the log as it is, even if it was changed')
    .option('--json', 'print JSON')
    .action(async ({ accept = false, json }: MakeOptions) => {
      const outcome = await withAudit(({ log }) => log.makeCheckpoint({ accept }));
      if (json === true) printJson(output, outcome);
      else reportOutcome(output, outcome);
      if (outcome.kind === 'refused' || outcome.kind === 'forged') process.exitCode = 1;
    });
};

const rowOf = ({ number, jws }: LogCheckpoint) => {
  const content = readCheckpointContent(jws);
  return {
    number,
    madeAt: content === undefined ? null : new Date(content.iat * 1_000).toISOString(),
    streams: content?.streams ?? null,
    events: content?.events ?? null,
    total: content?.total ?? null,
    accepted: content?.accepted ?? null,
    root: content?.root ?? null,
  };
};

const addListCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('checkpoints')
    .description('list the checkpoints of the log')
    .option('--export <file>', 'write them to a new file; keep it apart from this database')
    .option('--json', 'print JSON')
    .action(async ({ export: file, json }: ListOptions) => {
      if (file !== undefined) {
        const count = await withAudit(({ log }) => writeCheckpointFile(file, log.checkpoints));
        if (json === true) printJson(output, { checkpoints: count, file });
        else output.out(`${count} checkpoints written to ${file}`);
        return;
      }
      const rows = (await withAudit(({ log }) => log.checkpoints.list())).map(rowOf);
      if (json === true) return printJson(output, rows);
      output.out(
        formatTable([
          ['number', 'made at', 'streams', 'events', 'in all', 'accepted', 'root'],
          ...rows.map((row) => Object.values(row).map((value) => String(value ?? '-'))),
        ]),
      );
    });
};

/** Adds `audit checkpoint|checkpoints`. */
export const addAuditCheckpointCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  addMakeCommand(audit, output, withAudit);
  addListCommand(audit, output, withAudit);
};
