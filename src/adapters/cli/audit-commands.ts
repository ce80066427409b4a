import type { Command } from 'commander';
import type { ReplayTheft } from '../../application/use-cases/replay-theft.ts';
import { addAuditTheftCommands } from './audit-theft-commands.ts';
import type { Output } from './output.ts';

/** What auditors ask the log. */
export type Audit = Readonly<{ replayTheft: ReplayTheft }>;

/** One run of a command, on an open system. */
export type WithAudit = <Result>(work: (audit: Audit) => Promise<Result>) => Promise<Result>;

/** `audit …`: each group of commands has a file of its own */
export const addAuditCommands = (program: Command, output: Output, withAudit: WithAudit): void => {
  const audit = program.command('audit').description('what happened, from the event log');
  addAuditTheftCommands(audit, output, withAudit);
};
