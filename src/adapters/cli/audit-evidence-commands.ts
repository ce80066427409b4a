import type { Command } from 'commander';
import { readEvidenceKey } from './evidence-key-file.ts';
import { type Output, printJson } from './output.ts';
import type { WithAudit } from './with-audit.ts';

type KeyOptions = Readonly<{ compare?: string; json?: boolean }>;

/** `audit key` */
const addKeyCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('key')
    .description('the public key that signs reports and checkpoints, to be kept elsewhere')
    .option('--compare <file>', 'exit code 1 unless it is the key in that file')
    .option('--json', 'print it as a JSON Web Key')
    .action(async ({ compare, json }: KeyOptions) => {
      const kept = compare === undefined ? undefined : await readEvidenceKey(compare);
      const key = await withAudit(({ evidence }) => evidence.publicKey());
      if (json === true) printJson(output, key);
      else output.out(`kid  ${key.kid}\nx    ${key.x}`);
      if (kept === undefined || kept.x === key.x) return;
      output.err(
        `This is not the key in ${compare}: the master key was replaced, or it is another installation.`,
      );
      process.exitCode = 1;
    });
};

/** `audit key` */
export const addAuditEvidenceCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  addKeyCommand(audit, output, withAudit);
};
