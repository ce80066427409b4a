import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { TheftSummary } from '../../../application/auditing/theft/list-thefts.ts';
import type { TheftReplay } from '../../../application/auditing/theft/theft-replay.ts';
import type { Position } from '../../../application/kernel/event-store.ts';
import { theftCauseWords } from '../../../application/sessions/refresh-words.ts';
import type { Instant } from '../../../domain/instant.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import { requireFamilyId } from './audit-history-commands.ts';
import { readSince, readWhatIf, type WhatIfOptions } from './audit-theft-options.ts';
import { formatTheftTimeline } from './theft-timeline.ts';
import type { Audit, WithAudit } from './with-audit.ts';

type TheftOptions = WhatIfOptions & Readonly<{ json?: boolean; report?: string }>;
type ListOptions = Readonly<{ since?: string; json?: boolean }>;

const PAGE = 100;

/** Writes a new file, readable by its owner only: it holds addresses. @throws UsageError */
const writeNew = (file: string, text: string): Promise<void> =>
  writeFile(file, `${text}\n`, { flag: 'wx', mode: 0o600 }).catch(() => {
    throw new UsageError(`${file} exists already or cannot be written.`);
  });

const isDoubtful = ({ chain, reproduction }: TheftReplay): boolean =>
  !chain.intact || reproduction.verdict !== 'proven';

/** Adds `audit theft <family>`. */
const addTheftCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('theft <family>')
    .description('show the history of a session and whether its verdicts follow from the log')
    .option('--grace <span>', 'what if: with this grace window, such as 60s, 2m or 0')
    .option(
      '--lost-response <what>',
      'what if: with this answer to a late repetition: recover or revoke',
    )
    .option('--max-replays <count>', 'what if: with at most so many repetitions')
    .option('--report <file>', 'write a signed report to a new file, for audit check')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit code 1 when the chain is broken or a decision cannot be reproduced.',
    )
    .action(async (family: string, { json, report, ...options }: TheftOptions) => {
      const familyId = requireFamilyId(family);
      const changed = readWhatIf(options);
      const replay = await withAudit(async ({ replayTheft, theftReports }) => {
        const found = await replayTheft(familyId, changed);
        if (report !== undefined) {
          await writeNew(report, await theftReports.signTheftReport(found));
        }
        return found;
      });
      if (json === true) printJson(output, replay);
      else output.out(formatTheftTimeline(replay));
      if (report !== undefined) output.err(`Signed report: ${report}`);
      if (isDoubtful(replay)) process.exitCode = 1;
    });
};

const allSince = async (
  { listThefts }: Audit,
  since: Instant | undefined,
): Promise<readonly TheftSummary[]> => {
  const all: TheftSummary[] = [];
  let before: Position | undefined;
  do {
    const { thefts, next } = await listThefts({ since, before, limit: PAGE });
    all.push(...thefts);
    before = next;
  } while (before !== undefined);
  return all;
};

const formatThefts = (thefts: readonly TheftSummary[]): string =>
  thefts.length === 0
    ? 'No thefts detected.'
    : formatTable([
        ['when', 'family', 'user', 'verdict', 'actions', 'cause'],
        ...thefts.map(({ at, familyId, userId, verdict, radius, cause }) => [
          at,
          familyId,
          userId,
          verdict.replaceAll('_', ' '),
          radius === null ? 'unknown' : String(radius),
          theftCauseWords[cause],
        ]),
      ]);

/** Adds `audit thefts`. */
const addTheftsCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('thefts')
    .description('list the detected thefts, the latest first')
    .option('--since <time>', 'only later ones: a time, or a span until now such as 24h or 7d')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\n"actions" counts the events caused with access tokens minted after the split.',
    )
    .action(async ({ since, json }: ListOptions) => {
      readSince(since, new Date(0).toISOString());
      const thefts = await withAudit((opened) =>
        allSince(opened, readSince(since, opened.clock.now())),
      );
      if (json === true) printJson(output, thefts);
      else output.out(formatThefts(thefts));
    });
};

/** Adds `audit theft <family>` and `audit thefts`. */
export const addAuditTheftCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  addTheftCommand(audit, output, withAudit);
  addTheftsCommand(audit, output, withAudit);
};
