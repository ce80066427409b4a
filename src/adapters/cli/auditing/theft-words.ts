import type { RefreshOutcome } from '../../../application/auditing/theft/theft-what-if.ts';
import {
  refreshOutcomeWords,
  theftCauseWords,
} from '../../../application/sessions/refresh-words.ts';
import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import { harmless } from '../output/harmless.ts';

/** Describes the outcome of a refresh. */
export const outcomeWords = ({ kind, cause }: RefreshOutcome): string =>
  cause === null
    ? refreshOutcomeWords[kind]
    : `${refreshOutcomeWords[kind]} (${theftCauseWords[cause]})`;

export const policyWords = ({ graceSeconds, lostResponse, maxReplays }: Partial<ReplayPolicy>) =>
  [
    ...(graceSeconds === undefined ? [] : [`grace ${graceSeconds} s`]),
    ...(lostResponse === undefined ? [] : [`lost response: ${lostResponse}`]),
    ...(maxReplays === undefined ? [] : [`at most ${maxReplays} replays`]),
  ].join(', ');

type Party = Readonly<{
  ip: string | null;
  userAgent: string | null;
  client?: number | null;
}>;

/** Describes a client by address and user agent, which are missing once the user is erased. */
export const describeClient = ({ ip, userAgent, client }: Party): string =>
  [ip, userAgent, typeof client === 'number' ? `[client ${client}]` : null]
    .flatMap((part) => (part === null || part === '' ? [] : harmless(part)))
    .join('  ') || '-';
