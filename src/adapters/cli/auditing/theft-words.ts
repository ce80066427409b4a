import type { RefreshOutcome } from '../../../application/auditing/theft/theft-what-if.ts';
import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import type { TheftCause } from '../../../domain/token-family/token-family-events.ts';
import { harmless } from '../output/harmless.ts';

/** Describes why a superseded token counted as theft. */
export const CAUSES: Readonly<Record<TheftCause, string>> = {
  older_generation: 'a token two or more rotations old was presented',
  other_client: 'another client presented the token before the live one',
  after_grace: 'the token before the live one was presented after the grace window',
};

/** Describes the outcome of a refresh. */
export const outcomeWords = ({ kind, cause }: RefreshOutcome): string => {
  switch (kind) {
    case 'rotate':
      return 'a new generation';
    case 'replay':
      return 'the same token issued again';
    case 'too_many_replays':
      return 'refused: issued again too often';
    case 'theft':
      return cause === null ? 'theft' : `theft (${CAUSES[cause]})`;
  }
};

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
