import type { Command } from 'commander';
import type { Output } from '../output/output.ts';
import { addAuditCheckCommand, type CheckOffline } from './audit-check-command.ts';
import { addAuditEvidenceCommands } from './audit-evidence-commands.ts';
import { addAuditExplainCommand } from './audit-explain-command.ts';
import { addAuditHistoryCommands } from './audit-history-commands.ts';
import { addAuditTheftCommands } from './audit-theft-commands.ts';
import { addAuditUndoCommands } from './audit-undo-commands.ts';
import type { WithAudit } from './with-audit.ts';

/** Adds `audit` and its commands. */
export const addAuditCommands = (
  program: Command,
  output: Output,
  withAudit: WithAudit,
  checkOffline: CheckOffline,
): void => {
  const audit = program
    .command('audit')
    .description('examine the event log: thefts, histories, evidence');
  addAuditTheftCommands(audit, output, withAudit);
  addAuditUndoCommands(audit, output, withAudit);
  addAuditCheckCommand(audit, output, withAudit, checkOffline);
  addAuditEvidenceCommands(audit, output, withAudit);
  addAuditHistoryCommands(audit, output, withAudit);
  addAuditExplainCommand(audit, output, withAudit);
};
