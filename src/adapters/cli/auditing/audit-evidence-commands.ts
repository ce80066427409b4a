import type { Command } from 'commander';
import { CheckpointsUnreadable } from '../../../application/auditing/evidence/log-checkpoints.ts';
import type { LogVerification } from '../../../application/auditing/evidence/verify-log.ts';
import { type Output, printJson } from '../output/output.ts';
import { createProgress } from '../output/progress.ts';
import { UsageError } from '../output/usage-error.ts';
import { addAuditCheckpointCommands } from './audit-checkpoint-commands.ts';
import { openCheckpointFile } from './checkpoint-file.ts';
import { readEvidenceKey } from './evidence-key-file.ts';
import { formatCheckpointFindings, formatFindings } from './log-findings.ts';
import type { WithAudit } from './with-audit.ts';

type VerifyOptions = Readonly<{
  checkpoints?: string;
  key?: string;
  deep?: boolean;
  json?: boolean;
}>;
type KeyOptions = Readonly<{ compare?: string; json?: boolean }>;

/** Adds `audit key`. */
const addKeyCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('key')
    .description(
      'print the public key that verifies reports and checkpoints; keep a copy elsewhere',
    )
    .option('--compare <file>', 'exit code 1 unless the file holds the same key')
    .option('--json', 'print it as a JSON Web Key')
    .action(async ({ compare, json }: KeyOptions) => {
      const kept = compare === undefined ? undefined : await readEvidenceKey(compare);
      const key = await withAudit(({ evidence }) => evidence.publicKey());
      if (json === true) printJson(output, key);
      else output.out(`kid  ${key.kid}\nx    ${key.x}`);
      if (kept === undefined || kept.x === key.x) return;
      output.err(
        `The key is not the one in ${compare}: the master key was replaced, or this is another installation.`,
      );
      process.exitCode = 1;
    });
};

const report = (output: Output, verification: LogVerification): void => {
  const { events, streams, checkpoints, lastCheckpoint, findings, totalFindings } = verification;
  const { checkpointFindings } = verification;
  if (checkpointFindings.length > 0) output.out(formatCheckpointFindings(checkpointFindings));
  if (findings.length > 0) output.out(formatFindings(findings));
  if (totalFindings > findings.length) {
    output.out(`… and ${totalFindings - findings.length} more`);
  }
  const last = lastCheckpoint && `, the last is number ${lastCheckpoint.number}`;
  const size = `${events} events in ${streams} streams, ${checkpoints} checkpoints${last ?? ''}`;
  const wrong = totalFindings + checkpointFindings.length;
  output.out(wrong === 0 ? `${size}: unchanged` : `${size}: ${wrong} findings`);
};

const addVerifyCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  const run = async ({ checkpoints, key, deep = false }: VerifyOptions) => {
    const options = {
      file: checkpoints === undefined ? undefined : await openCheckpointFile(checkpoints),
      key: key === undefined ? undefined : await readEvidenceKey(key),
      deep,
    };
    const progress = await createProgress(output, 'events');
    try {
      return await withAudit(
        ({ log }) => log.verifyLog({ ...options, onProgress: progress.update }),
        { restored: true },
      );
    } catch (error) {
      if (error instanceof CheckpointsUnreadable) throw new UsageError(error.message);
      throw error;
    } finally {
      progress.stop();
    }
  };

  audit
    .command('verify')
    .description('verify that the event log was not changed; exit code 1 when it was')
    .option(
      '--checkpoints <file>',
      'also compare with exported checkpoints that were kept elsewhere',
    )
    .option('--key <file>', 'accept signatures of this key only: see audit key --json')
    .option('--deep', 'also decrypt personal data')
    .option('--json', 'print the report as JSON')
    .action(async (options: VerifyOptions) => {
      const verification = await run(options);
      if (options.json === true) printJson(output, verification);
      else report(output, verification);
      const { totalFindings, checkpointFindings } = verification;
      if (totalFindings + checkpointFindings.length > 0) process.exitCode = 1;
    });
};

/** Adds `audit verify|checkpoint|checkpoints|key`. */
export const addAuditEvidenceCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  addVerifyCommand(audit, output, withAudit);
  addAuditCheckpointCommands(audit, output, withAudit);
  addKeyCommand(audit, output, withAudit);
};
