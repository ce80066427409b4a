import type { Command } from 'commander';
import { type Output, printJson } from './output.ts';
import { formatTheftTimeline } from './theft-timeline.ts';
import { UsageError } from './usage-error.ts';
import type { WithAudit } from './with-audit.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `audit theft <family>` */
export const addAuditTheftCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  audit
    .command('theft <family>')
    .description('the life of a token family: issue, rotations, replays, theft, revocation')
    .option('--json', 'print it as JSON')
    .action(async (family: string, { json }: { json?: boolean }) => {
      const familyId = family.toLowerCase();
      if (!UUID.test(familyId)) {
        throw new UsageError('a family is a UUID: the sessionId of its token pairs');
      }
      const replay = await withAudit(({ replayTheft }) => replayTheft(familyId));
      if (json === true) printJson(output, replay);
      else output.out(formatTheftTimeline(replay));
    });
};
