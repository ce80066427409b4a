import type {
  Between,
  CheckpointFinding,
  CheckpointFindingKind,
  CheckpointMoment,
  LogFinding,
  LogFindingKind,
  LogWitness,
} from '../../../application/auditing/evidence/log-finding.ts';
import { harmless } from '../output/harmless.ts';
import { formatTable } from '../output/output.ts';

const KINDS: Readonly<Record<LogFindingKind, string>> = {
  altered: 'altered, or written for another place',
  missing: 'removed, or not in its place',
  misplaced: 'out of place',
  cut_off: 'end cut off',
  stream_missing: 'stream removed',
  rewritten: 'rewritten together with its chain',
  unrecorded: 'never appended by the service',
  hidden: 'hidden: deleted or truncated',
  unreadable: 'not an event of Latchkey',
  column_differs: 'differs from its columns',
  personal_data_unreadable: 'cannot be decrypted',
};

const WITNESSES: Readonly<Record<LogWitness, string>> = {
  chain: 'its chain',
  head: 'the table streams',
  checkpoint: 'a checkpoint',
  store: 'itself',
};

const CHECKPOINT_KINDS: Readonly<Record<CheckpointFindingKind, string>> = {
  removed: 'is missing',
  altered: 'differs from what was signed',
  unsigned: 'has no signature of a trusted key',
  unlinked: 'does not name its predecessor',
  differs: 'differs from the one in the file',
  detached: 'was signed without what earlier checkpoints record of its streams',
};

const dated = ({ number, madeAt }: CheckpointMoment): string => `${number} (${madeAt})`;

const formatBetween = ({ after, before }: Between): string => {
  const start = after && `after checkpoint ${dated(after)}`;
  const end = before && `before checkpoint ${dated(before)}`;
  return [start, end].filter((part) => part !== null).join(', ') || 'no checkpoint shows it';
};

const formatRange = ({ from, to }: LogFinding): string => {
  if (from === null) return '-';
  return to === null || to === from ? String(from) : `${from} to ${to}`;
};

/** Formats one line per finding: what, where, shown by what, when. */
export const formatFindings = (findings: readonly LogFinding[]): string =>
  formatTable([
    ['what', 'stream', 'revision', 'position', 'shown by', 'when'],
    ...findings.map((finding) => [
      KINDS[finding.kind],
      harmless(finding.stream),
      formatRange(finding),
      finding.position ?? '-',
      WITNESSES[finding.shownBy],
      formatBetween(finding.between),
    ]),
  ]);

export const formatCheckpointFindings = (findings: readonly CheckpointFinding[]): string =>
  findings
    .map(({ kind, number, source }) => {
      const where = source === 'file' ? 'in the file' : 'in the database';
      return `${where} checkpoint ${number} ${CHECKPOINT_KINDS[kind]}`;
    })
    .join('\n');
