import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { EvidenceKey } from '../../../application/auditing/evidence/evidence-signer.ts';
import type {
  LogComparison,
  ReportCheck,
} from '../../../application/auditing/theft/theft-report.ts';
import { harmless } from '../output/harmless.ts';
import { type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import { readEvidenceKey } from './evidence-key-file.ts';
import { CAUSES } from './theft-words.ts';
import type { WithAudit } from './with-audit.ts';

type Options = Readonly<{ key?: string; offline?: boolean; json?: boolean }>;

/** Without the database: whether a report is signed with that key. */
export type CheckOffline = (jws: string, trusted: EvidenceKey) => Promise<ReportCheck>;

type Verified = Extract<ReportCheck, { verified: true }>;
type Refused = Extract<ReportCheck, { verified: false }>;

const REASONS: Readonly<Record<Refused['reason'], string>> = {
  malformed: 'it is no signed report at all',
  wrong_type: 'it is signed as something else than a report on a theft',
  unknown_key: 'it is signed with a key that is not known here, or not the one that is trusted',
  bad_signature: 'the signature does not fit: the report was changed',
  not_a_report: 'it is signed, but in a format that this version cannot read',
};

const logWords = (log: LogComparison | null): string => {
  if (log === null) return 'was not asked';
  const { verdict, differs } = log;
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

const keyWords = ({ kid, knownSince, current, log }: Verified): string => {
  if (log === null) return `${kid}, the one that is trusted`;
  const today = current ? 'signs today' : 'does not sign any more';
  return `${kid}, ${today}; known here since ${knownSince ?? '-'}`;
};

const isGood = (check: ReportCheck): boolean =>
  check.verified &&
  (check.log === null || check.log.verdict === 'same' || check.log.verdict === 'same_but_erased');

const format = (check: Verified): string => {
  const { signedAt, issuer, report, log } = check;
  const { theft, reproduction } = report;
  const verdict = theft === null ? 'no theft' : `theft at ${theft.at}: ${CAUSES[theft.cause]}`;
  return [
    'Signature good',
    `Key       ${keyWords(check)}`,
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
  checkOffline: CheckOffline,
): void => {
  const check = async (jws: string, { key, offline }: Options): Promise<ReportCheck> => {
    const trusted = key === undefined ? undefined : await readEvidenceKey(key);
    if (offline !== true) {
      return withAudit(({ theftReports }) => theftReports.checkTheftReport(jws, trusted));
    }
    if (trusted === undefined) throw new UsageError('--offline knows no keys: add --key.');
    return checkOffline(jws, trusted);
  };

  audit
    .command('check <file>')
    .description('whether a signed report is genuine, and the log still says the same')
    .option('--key <file>', 'trust this key only, as audit key --json printed it')
    .option('--offline', 'look at the signature only, without the database; needs --key')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExit code 1 when it is not genuine, or the log says something else.')
    .action(async (file: string, options: Options) => {
      const { json } = options;
      const checked = await check(await read(file), options);
      if (!isGood(checked)) process.exitCode = 1;
      if (json === true) printJson(output, checked);
      else if (checked.verified) output.out(format(checked));
      else output.err(`Not genuine: ${REASONS[checked.reason]}.`);
    });
};
