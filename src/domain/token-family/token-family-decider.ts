import type { Decider } from '../decider.ts';
import { DomainError } from '../domain-error.ts';
import { earliest, secondsBetween } from '../instant.ts';
import { countUnexpired } from './access-token-spans.ts';
import { chooseHousehold, loseMembership, switchHousehold } from './active-household-decisions.ts';
import { refreshVerdict } from './refresh-verdict.ts';
import { revoke, revokeAccessToken } from './revocation-decisions.ts';
import type {
  RotateRefreshToken,
  StartTokenFamily,
  TokenFamilyCommand,
} from './token-family-commands.ts';
import type { TheftCause, TokenFamilyEvent } from './token-family-events.ts';
import {
  evolveTokenFamily,
  type LiveTokenFamily,
  type TokenFamilyState,
} from './token-family-state.ts';

const start = ({
  now,
  accessTokenExpiresAt,
  idleExpiresAt,
  ...family
}: StartTokenFamily['data']): TokenFamilyEvent => ({
  type: 'TokenFamilyStarted',
  data: {
    ...family,
    expiresAt: earliest(idleExpiresAt, family.absoluteExpiresAt),
    accessToken: { ordinal: 0, expiresAt: accessTokenExpiresAt },
    startedAt: now,
  },
});

const detectTheft = (
  { presented, holder, policy, now }: RotateRefreshToken['data'],
  family: LiveTokenFamily,
  cause: TheftCause,
): readonly TokenFamilyEvent[] => [
  {
    type: 'TokenTheftDetected',
    data: {
      userId: family.userId,
      cause,
      presentedGeneration: presented.generation,
      currentGeneration: family.generation,
      ageSeconds: secondsBetween(family.issuedAt, now),
      presenter: holder,
      holder: family.holder,
      policy,
      detectedAt: now,
    },
  },
  revoke({ reason: 'theft', now }, family),
];

/** Called only where a token is issued: the limit must not hide a theft. */
const requireAccessTokenCapacity = (
  { maxAccessTokens, now }: RotateRefreshToken['data'],
  { accessTokens }: LiveTokenFamily,
): void => {
  if (maxAccessTokens === undefined) return;
  if (countUnexpired(accessTokens, now) >= maxAccessTokens) {
    throw new DomainError('too_many_access_tokens');
  }
};

const rotate = (
  data: RotateRefreshToken['data'],
  family: LiveTokenFamily,
): readonly TokenFamilyEvent[] => {
  const { holder, policy, successor, accessTokenExpiresAt, idleExpiresAt, now } = data;
  const { switchTo: householdId = family.householdId } = data;
  const accessToken = { ordinal: family.minted, expiresAt: accessTokenExpiresAt };
  const switches =
    householdId === null
      ? []
      : switchHousehold(family, { householdId, cause: 'chosen', accessToken: null, now });
  const verdict = refreshVerdict(data, family);
  switch (verdict.kind) {
    case 'rotate':
      requireAccessTokenCapacity(data, family);
      return [
        ...switches,
        {
          type: 'RefreshTokenRotated',
          data: {
            userId: family.userId,
            householdId,
            generation: family.generation + 1,
            holder,
            refreshToken: successor,
            accessToken,
            expiresAt: earliest(idleExpiresAt, family.absoluteExpiresAt),
            rotatedAt: now,
          },
        },
      ];
    case 'replay':
      requireAccessTokenCapacity(data, family);
      return [
        ...switches,
        {
          type: 'RefreshTokenReplayed',
          data: { generation: family.generation, holder, accessToken, policy, replayedAt: now },
        },
      ];
    case 'theft':
      return detectTheft(data, family, verdict.cause);
    case 'too_many_replays':
      throw new DomainError('refresh_token_reused');
    case 'invalid':
      throw new DomainError('refresh_token_invalid');
  }
};

/**
 * The token family aggregate. `RotateRefreshToken` that finds a theft returns events: the caller
 * refuses after storing them.
 * @throws DomainError `session_exists`, `session_not_found`, `refresh_token_invalid`,
 * `refresh_token_reused`, `too_many_access_tokens`
 */
export const tokenFamilyDecider: Decider<TokenFamilyCommand, TokenFamilyEvent, TokenFamilyState> = {
  initialState: { status: 'unstarted' },
  decide: ({ type, data }, state) => {
    switch (type) {
      case 'StartTokenFamily':
        if (state.status !== 'unstarted') throw new DomainError('session_exists');
        return [start(data)];
      case 'RotateRefreshToken':
        if (state.status !== 'live') throw new DomainError('refresh_token_invalid');
        return rotate(data, state);
      case 'SwitchActiveHousehold':
        if (state.status !== 'live') throw new DomainError('session_not_found');
        return chooseHousehold(data, state);
      case 'LoseMembership':
        return state.status === 'live' ? loseMembership(data, state) : [];
      case 'RevokeAccessToken':
        return state.status === 'live' ? revokeAccessToken(data, state) : [];
      case 'RevokeTokenFamily':
        if (state.status === 'unstarted') throw new DomainError('session_not_found');
        return state.status === 'live' ? [revoke(data, state)] : [];
    }
  },
  evolve: evolveTokenFamily,
};
