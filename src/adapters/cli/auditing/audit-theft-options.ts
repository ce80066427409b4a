import { parseAsOf } from '../../../application/auditing/history/as-of-moment.ts';
import { type Instant, plusSeconds } from '../../../domain/instant.ts';
import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import { UsageError } from '../output/usage-error.ts';

/** The options as given on the command line. */
export type WhatIfOptions = Readonly<{
  grace?: string;
  lostResponse?: string;
  maxReplays?: string;
}>;

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;

/** Reads a span such as `90`, `60s`, `2m`, `24h` or `7d`. @throws UsageError */
const readSeconds = (text: string, option: string): number => {
  const [, amount, unit = 's'] = /^(\d{1,9})([smhd])?$/.exec(text) ?? [];
  if (amount === undefined) {
    throw new UsageError(`${option} must be a time span such as 60s, 2m, 24h or 7d`);
  }
  return Number(amount) * UNITS[unit as keyof typeof UNITS];
};

const readLostResponse = (text: string): ReplayPolicy['lostResponse'] => {
  if (text === 'recover' || text === 'revoke') return text;
  throw new UsageError('--lost-response must be recover or revoke');
};

const readCount = (text: string): number => {
  if (/^\d{1,6}$/.test(text)) return Number(text);
  throw new UsageError('--max-replays must be a whole number');
};

/** Reads the changes to the policy; undefined where no option asks for one. @throws UsageError */
export const readWhatIf = ({
  grace,
  lostResponse,
  maxReplays,
}: WhatIfOptions): Partial<ReplayPolicy> | undefined => {
  const changed = {
    ...(grace !== undefined && { graceSeconds: readSeconds(grace, '--grace') }),
    ...(lostResponse !== undefined && { lostResponse: readLostResponse(lostResponse) }),
    ...(maxReplays !== undefined && { maxReplays: readCount(maxReplays) }),
  };
  return Object.keys(changed).length === 0 ? undefined : changed;
};

/** Reads a time, or a span before `now`. @throws UsageError */
export const readSince = (text: string | undefined, now: Instant): Instant | undefined => {
  if (text === undefined) return undefined;
  const asOf = parseAsOf(text);
  if (asOf?.kind === 'time') return asOf.time;
  if (asOf === undefined && /^\d+[smhd]$/.test(text)) {
    return plusSeconds(now, -readSeconds(text, '--since'));
  }
  throw new UsageError(
    '--since must be a time such as 2026-01-31T12:00:00Z, or a span such as 24h or 7d',
  );
};
