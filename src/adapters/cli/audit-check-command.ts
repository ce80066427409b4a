import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { LogComparison, ReportCheck } from '../../application/auditing/theft/theft-report.ts';
import { readEvidenceKey } from './evidence-key-file.ts';
import { harmless } from './harmless.ts';
import { type Output, printJson } from './output.ts';
import { CAUSES } from './theft-words.ts';
import { UsageError } from './usage-error.ts';
import type { WithAudit } from './with-audit.ts';

type Options = Readonly<{ key?: string; json?: boolean }>;
type Verified = Extract<ReportCheck, { verified: true }>;
type Refused = Extract<ReportCheck, { verified: false }>;

const REASONS: Readonly<Record<Refused['reason'], string>> = {
  malformed: 'it is no signed report at all',
  wrong_type: 'it is signed as something else than a report on a theft',
  unknown_key: 'it is signed with a key that is not known here, or not the one that is trusted',
  bad_signature: 'the signature does not fit: the report was changed',
  not_a_report: 'it is signed, but in a format that this version cannot read',
};

const logWords = ({ verdict, differs }: LogComparison): string => {
  switch (verdict) {
    case 'same':
      return 'says the same, decided once more';
    case 'same_but_erased':
      return 'says the same, decided once more; who it was is erased by now';
    case 'differs':
      return `SAYS SOMETHING ELSE: ${differs.join(', ')}`;
    case 'gone':
      return 'KNOWS NO SUCH FAMILY';
  }
};

const format = ({ kid, knownSince, current, signedAt, issuer, report, log }: Verified): string => {
  const { theft, reproduction } = report;
  const verdict = theft === null ? 'no theft' : `theft at ${theft.at}: ${CAUSES[theft.cause]}`;
  return [
    'Signature good',
    `Key       ${kid}, ${current ? 'signs today' : 'does not sign any more'}; known here since ${knownSince ?? '-'}`,
    `Signed    ${signedAt}  ${harmless(issuer)}`,
    `Family    ${report.familyId}`,
    `User      ${harmless(report.userId)}`,
    `Verdict   ${verdict}; ${reproduction.verdict.replaceAll('_', ' ')}`,
    `Log       ${logWords(log)}`,
  ].join('\n');
};

/** @throws UsageError */
const read = (file: string): Promise<string> =>
  readFile(file, 'utf8').catch(() => {
    throw new UsageError(`There is no file ${file} to read.`);
  });

/** `audit check <file>` */
export const addAuditCheckCommand = (
  audit: Command,
  output: Output,
  withAudit: WithAudit,
): void => {
  audit
    .command('check <file>')
    .description('whether a signed report is genuine, and the log still says the same')
    .option('--key <file>', 'trust this key only, as audit key --json printed it')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExit code 1 when it is not genuine, or the log says something else.')
    .action(async (file: string, { key, json }: Options) => {
      const jws = await read(file);
      const trusted = key === undefined ? undefined : await readEvidenceKey(key);
      const check = await withAudit(({ theftReports }) =>
        theftReports.checkTheftReport(jws, trusted),
      );
      const good =
        check.verified && (check.log.verdict === 'same' || check.log.verdict === 'same_but_erased');
      if (!good) process.exitCode = 1;
      if (json === true) printJson(output, check);
      else if (check.verified) output.out(format(check));
      else output.err(`Not genuine: ${REASONS[check.reason]}.`);
    });
};
