import type { Command } from 'commander';
import type { ReplayTheft } from '../../application/use-cases/replay-theft.ts';
import { type Output, printJson } from './output.ts';
import { formatTheftTimeline } from './theft-timeline.ts';
import { UsageError } from './usage-error.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** `audit theft <family>` */
export const addAuditCommands = (
  program: Command,
  output: Output,
  withReplayTheft: <Result>(work: (replayTheft: ReplayTheft) => Promise<Result>) => Promise<Result>,
): void => {
  const audit = program.command('audit').description('what happened, from the event log');

  audit
    .command('theft <family>')
    .description('the life of a token family: issue, rotations, replays, theft, revocation')
    .option('--json', 'print it as JSON')
    .action(async (family: string, { json }: { json?: boolean }) => {
      const familyId = family.toLowerCase();
      if (!UUID.test(familyId)) {
        throw new UsageError('a family is a UUID: the sessionId of its token pairs');
      }
      const replay = await withReplayTheft((replayTheft) => replayTheft(familyId));
      if (json === true) printJson(output, replay);
      else output.out(formatTheftTimeline(replay));
    });
};
