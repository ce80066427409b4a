import type { Instant } from '../../../domain/instant.ts';
import type {
  TokenFamilyEvent,
  TokenHolder,
} from '../../../domain/token-family/token-family-events.ts';
import type { FamilyEvent } from './theft-decisions.ts';

/** One event of a family, for an auditor to read. */
export type TimelineEntry = Readonly<{
  revision: string;
  at: Instant;
  type: TokenFamilyEvent['type'];
  actor: string;
  correlationId: string;
  /** The refresh token's generation this is about. */
  generation: number | null;
  /** Who did it, as far as the log may still tell. */
  ip: string | null;
  userAgent: string | null;
  /** Ordinal of the access token minted here. */
  accessToken: number | null;
}>;

const partyOf = ({ ip, userAgent }: TokenHolder) => ({ ip, userAgent });
const nobody = { ip: null, userAgent: null };

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
      return { generation: null, accessToken: data.accessToken?.ordinal ?? null, ...nobody };
    case 'AccessTokenRevoked':
      return { generation: null, accessToken: data.accessToken.ordinal, ...nobody };
    case 'TokenFamilyRevoked':
      return { generation: null, accessToken: null, ...nobody };
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
