import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { EvidenceKey } from '../../../application/auditing/evidence/evidence-signer.ts';
import type {
  LogComparison,
  ReportCheck,
} from '../../../application/auditing/theft/theft-report.ts';
import { theftCauseWords } from '../../../application/sessions/refresh-words.ts';
import { harmless } from '../output/harmless.ts';
import { type Output, printJson } from '../output/output.ts';
import { UsageError } from '../output/usage-error.ts';
import { readEvidenceKey } from './evidence-key-file.ts';
import type { WithAudit } from './with-audit.ts';

type Options = Readonly<{ key?: string; offline?: boolean; json?: boolean }>;

/** Checks without the database whether a report is signed with that key. */
export type CheckOffline = (jws: string, trusted: EvidenceKey) => Promise<ReportCheck>;

type Verified = Extract<ReportCheck, { verified: true }>;
type Refused = Extract<ReportCheck, { verified: false }>;

const REASONS: Readonly<Record<Refused['reason'], string>> = {
  malformed: 'it is not a signed report',
  wrong_type: 'it is a signed document, but not a theft report',
  unknown_key: 'its key is not known here, or is not the trusted one',
  bad_signature: 'the signature does not match: the report was changed',
  not_a_report: 'it is signed, but in a format that this version cannot read',
};

const logWords = (log: LogComparison | null): string => {
  if (log === null) return 'not compared';
  const { verdict, differs } = log;
  switch (verdict) {
    case 'same':
      return 'gives the same report';
    case 'same_but_erased':
      return 'gives the same report; the user has been erased since';
    case 'differs':
      return `DIFFERS: ${differs.join(', ')}`;
    case 'gone':
      return 'HAS NO SUCH FAMILY';
  }
};

const keyWords = ({ kid, knownSince, current, log }: Verified): string => {
  if (log === null) return `${kid}, the trusted key`;
  const today = current ? 'in use' : 'no longer in use';
  return `${kid}, ${today}; known here since ${knownSince ?? '-'}`;
};

const isGood = (check: ReportCheck): boolean =>
  check.verified &&
  (check.log === null || check.log.verdict === 'same' || check.log.verdict === 'same_but_erased');

const format = (check: Verified): string => {
  const { signedAt, issuer, report, log } = check;
  const { theft, reproduction } = report;
  const verdict =
    theft === null ? 'no theft' : `theft at ${theft.at}: ${theftCauseWords[theft.cause]}`;
  return [
    'Signature valid',
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
    throw new UsageError(`The file ${file} cannot be read.`);
  });

/** Adds `audit check <file>`. */
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
    if (trusted === undefined) throw new UsageError('--offline needs a trusted key: add --key.');
    return checkOffline(jws, trusted);
  };

  audit
    .command('check <file>')
    .description('check that a signed report is genuine and agrees with the event log')
    .option('--key <file>', 'trust only this key, as audit key --json prints it')
    .option('--offline', 'check the signature only, without the database; needs --key')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExit code 1 when the report is not genuine or differs from the log.')
    .action(async (file: string, options: Options) => {
      const { json } = options;
      const checked = await check(await read(file), options);
      if (!isGood(checked)) process.exitCode = 1;
      if (json === true) printJson(output, checked);
      else if (checked.verified) output.out(format(checked));
      else output.err(`Not genuine: ${REASONS[checked.reason]}.`);
    });
};
