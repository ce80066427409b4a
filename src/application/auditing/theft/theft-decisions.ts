import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import type {
  RotateRefreshToken,
  TokenFamilyCommand,
} from '../../../domain/token-family/token-family-commands.ts';
import type {
  ActiveHouseholdSwitched,
  TokenFamilyEvent,
  TokenHolder,
} from '../../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../domain/token-family/token-family-state.ts';
import { ERASED, type RecordedEvent } from '../../kernel/event-store.ts';

export type FamilyEvent = RecordedEvent<TokenFamilyEvent>;

/** The events of one command, which were appended together. */
export type FamilyDecision = readonly [FamilyEvent, ...FamilyEvent[]];

/** Some decisions are two events: a switch with a refresh, a theft with the revocation. */
const hasSecondEvent = ({ event: { type, data } }: FamilyEvent): boolean =>
  type === 'TokenTheftDetected' ||
  (type === 'ActiveHouseholdSwitched' && data.cause === 'chosen' && data.accessToken === null);

/** Splits a family's stream into its decisions. */
export const decisionsOf = (events: readonly FamilyEvent[]): readonly FamilyDecision[] => {
  const decisions: FamilyDecision[] = [];
  let open: FamilyDecision | undefined;
  for (const event of events) {
    const decision: FamilyDecision = open === undefined ? [event] : [...open, event];
    open = open === undefined && hasSecondEvent(event) ? decision : undefined;
    if (open === undefined) decisions.push(decision);
  }
  return open === undefined ? decisions : [...decisions, open];
};

/** A client that differs from every recorded one, for when the recorded one is erased. */
const anotherClient = ({ agentHash, ...holder }: TokenHolder): TokenHolder => ({
  ...holder,
  agentHash: agentHash === ERASED ? 'another client' : agentHash,
});

type Switch = ActiveHouseholdSwitched | undefined;

/** The token was genuine, so its salt was that of the family. */
const saltOf = (state: TokenFamilyState): string => (state.status === 'live' ? state.salt : '');

const refreshBehind = (
  event: Extract<
    TokenFamilyEvent,
    { type: 'RefreshTokenRotated' | 'RefreshTokenReplayed' | 'TokenTheftDetected' }
  >,
  state: TokenFamilyState,
  switched: Switch,
  assumed: ReplayPolicy,
): RotateRefreshToken => {
  const { type, data } = event;
  const salt = saltOf(state);
  const switchTo = switched === undefined ? {} : { switchTo: switched.data.householdId };
  // A refresh without a successor leaves these empty.
  const none = { successor: { tokenHash: '', keyId: 0 }, idleExpiresAt: '' };
  switch (type) {
    case 'RefreshTokenRotated':
      return {
        type: 'RotateRefreshToken',
        data: {
          presented: { generation: data.generation - 1, salt },
          successor: data.refreshToken,
          holder: data.holder,
          policy: assumed,
          ...switchTo,
          accessTokenExpiresAt: data.accessToken.expiresAt,
          idleExpiresAt: data.expiresAt,
          now: data.rotatedAt,
        },
      };
    case 'RefreshTokenReplayed':
      return {
        type: 'RotateRefreshToken',
        data: {
          ...none,
          presented: { generation: data.generation - 1, salt },
          holder: data.holder,
          policy: data.policy ?? assumed,
          ...switchTo,
          accessTokenExpiresAt: data.accessToken.expiresAt,
          now: data.replayedAt,
        },
      };
    case 'TokenTheftDetected':
      return {
        type: 'RotateRefreshToken',
        data: {
          ...none,
          presented: { generation: data.presentedGeneration, salt },
          holder: data.cause === 'other_client' ? anotherClient(data.presenter) : data.presenter,
          policy: data.policy ?? assumed,
          accessTokenExpiresAt: '',
          now: data.detectedAt,
        },
      };
  }
};

const switchBehind = ({ data }: ActiveHouseholdSwitched): TokenFamilyCommand => {
  const { householdId, previous, cause, accessToken, switchedAt: now } = data;
  return cause === 'chosen' && accessToken !== null
    ? {
        type: 'SwitchActiveHousehold',
        data: { householdId, accessTokenExpiresAt: accessToken.expiresAt, now },
      }
    : {
        type: 'LoseMembership',
        data: { householdId: previous ?? '', fallback: householdId, now },
      };
};

/**
 * Derives the command behind `decision` from its events and the state before it. If the user is
 * erased, the client is derived from the recorded verdict. `assumed`: the policy where none is
 * recorded.
 */
export const commandBehind = (
  decision: FamilyDecision,
  state: TokenFamilyState,
  assumed: ReplayPolicy,
): TokenFamilyCommand => {
  const [{ event: first }, second] = decision;
  const isSwitch = first.type === 'ActiveHouseholdSwitched';
  const event = isSwitch && second !== undefined ? second.event : first;
  switch (event.type) {
    case 'TokenFamilyStarted': {
      const { accessToken, expiresAt: idleExpiresAt, startedAt: now, ...family } = event.data;
      const { expiresAt: accessTokenExpiresAt } = accessToken;
      const data = { ...family, accessTokenExpiresAt, idleExpiresAt, now };
      return { type: 'StartTokenFamily', data };
    }
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
    case 'TokenTheftDetected':
      return refreshBehind(event, state, isSwitch ? first : undefined, assumed);
    case 'ActiveHouseholdSwitched':
      return switchBehind(event);
    case 'AccessTokenRevoked': {
      const { accessToken, revokedAt: now } = event.data;
      return { type: 'RevokeAccessToken', data: { ordinal: accessToken.ordinal, now } };
    }
    case 'TokenFamilyRevoked': {
      const { reason, revokedAt: now } = event.data;
      return { type: 'RevokeTokenFamily', data: { reason, now } };
    }
  }
};
