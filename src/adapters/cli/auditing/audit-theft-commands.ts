import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { TheftSummary } from '../../../application/auditing/theft/list-thefts.ts';
import type { TheftReplay } from '../../../application/auditing/theft/theft-replay.ts';
import type { Position } from '../../../application/kernel/event-store.ts';
import type { Instant } from '../../../domain/instant.ts';
import { formatTable, type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import { requireFamilyId } from './audit-history-commands.ts';
import { readSince, readWhatIf, type WhatIfOptions } from './audit-theft-options.ts';
import { formatTheftTimeline } from './theft-timeline.ts';
import { CAUSES } from './theft-words.ts';
import type { Audit, WithAudit } from './with-audit.ts';

type TheftOptions = WhatIfOptions & Readonly<{ json?: boolean; report?: string }>;
type ListOptions = Readonly<{ since?: string; json?: boolean }>;

const PAGE = 100;

/** Nobody's file is written over; it holds addresses. @throws UsageError */
const writeNew = (file: string, text: string): Promise<void> =>
  writeFile(file, `${text}\n`, { flag: 'wx', mode: 0o600 }).catch(() => {
    throw new UsageError(`${file} cannot be written, or is there already.`);
  });

const isDoubtful = ({ chain, reproduction }: TheftReplay): boolean =>
  !chain.intact || reproduction.verdict !== 'proven';

/** `audit theft <family>` */
const addTheftCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('theft <family>')
    .description('what happened to a session, and whether every verdict follows from the log')
    .option('--grace <span>', 'what if: the grace window had been so long, such as 60s, 2m or 0')
    .option('--lost-response <what>', 'what if: a late repetition had meant this: recover, revoke')
    .option('--max-replays <count>', 'what if: so many repetitions had been granted')
    .option('--report <file>', 'write it to a new file, signed, for audit check')
    .option('--json', 'print it as JSON')
    .addHelpText(
      'after',
      '\nExit code 1 when the chain is broken or a decision comes out otherwise.',
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
    ? 'No thefts.'
    : formatTable([
        ['when', 'family', 'user', 'verdict', 'actions', 'cause'],
        ...thefts.map(({ at, familyId, userId, verdict, radius, cause }) => [
          at,
          familyId,
          userId,
          verdict.replaceAll('_', ' '),
          radius === null ? 'unknown' : String(radius),
          CAUSES[cause],
        ]),
      ]);

/** `audit thefts` */
const addTheftsCommand = (audit: Command, output: Output, withAudit: WithAudit): void => {
  audit
    .command('thefts')
    .description('every theft that was found out, the latest first')
    .option('--since <time>', 'the earliest: a time, or how long ago, such as 24h or 7d')
    .option('--json', 'print them as JSON')
    .addHelpText('after', '\n"actions": what was done with access tokens minted after the split.')
    .action(async ({ since, json }: ListOptions) => {
      readSince(since, new Date(0).toISOString());
      const thefts = await withAudit((opened) =>
        allSince(opened, readSince(since, opened.clock.now())),
      );
      if (json === true) printJson(output, thefts);
      else output.out(formatThefts(thefts));
    });
};

/** `audit theft <family>`, `audit thefts` */
export const addAuditTheftCommands = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  addTheftCommand(audit, output, withAudit);
  addTheftsCommand(audit, output, withAudit);
};
