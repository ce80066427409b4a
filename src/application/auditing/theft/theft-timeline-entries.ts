import type { Instant } from '../../../domain/instant.ts';
import type {
  TokenFamilyEvent,
  TokenHolder,
} from '../../../domain/token-family/token-family-events.ts';
import type { FamilyEvent } from './theft-decisions.ts';

/** One event of a family, for an auditor. */
export type TimelineEntry = Readonly<{
  revision: string;
  at: Instant;
  type: TokenFamilyEvent['type'];
  actor: string;
  correlationId: string;
  /** The generation of the refresh token concerned. */
  generation: number | null;
  /** The client, with erased values as `[erased]`; null if the event records none. */
  ip: string | null;
  userAgent: string | null;
  /** Ordinal of the access token minted here. */
  accessToken: number | null;
}>;

const partyOf = ({ ip, userAgent }: TokenHolder) => ({ ip, userAgent });
const noClient = { ip: null, userAgent: null };

const specifics = ({
  type,
  data,
}: TokenFamilyEvent): Pick<TimelineEntry, 'generation' | 'accessToken' | 'ip' | 'userAgent'> => {
  switch (type) {
    case 'TokenFamilyStarted':
      return { generation: 0, accessToken: data.accessToken.ordinal, ...partyOf(data.holder) };
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
      return {
        generation: data.generation,
        accessToken: data.accessToken.ordinal,
        ...partyOf(data.holder),
      };
    case 'TokenTheftDetected':
      return {
        generation: data.presentedGeneration,
        accessToken: null,
        ...partyOf(data.presenter),
      };
    case 'ActiveHouseholdSwitched':
      return { generation: null, accessToken: data.accessToken?.ordinal ?? null, ...noClient };
    case 'AccessTokenRevoked':
      return { generation: null, accessToken: data.accessToken.ordinal, ...noClient };
    case 'TokenFamilyRevoked':
      return { generation: null, accessToken: null, ...noClient };
  }
};

export const toTimelineEntry = ({ revision, event, metadata }: FamilyEvent): TimelineEntry => ({
  revision: String(revision),
  at: metadata.occurredAt,
  type: event.type,
  actor: metadata.actor,
  correlationId: metadata.correlationId,
  ...specifics(event),
});
