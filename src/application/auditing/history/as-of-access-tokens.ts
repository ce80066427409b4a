import type { Instant } from '../../../domain/instant.ts';
import type {
  AccessTokenSpan,
  MintedAccessToken,
  TokenFamilyEvent,
} from '../../../domain/token-family/token-family-events.ts';
import type { RecordedEvent } from '../../ports/event-store.ts';
import type { FamilyPast } from './as-of-streams.ts';

/** What became of an access token of a family. */
export type AccessTokenFate = Readonly<{
  ordinal: number;
  expiresAt: Instant;
  mintedBy: RecordedEvent<TokenFamilyEvent>;
  /** What ended it before its time. */
  ended: RecordedEvent<TokenFamilyEvent> | undefined;
}>;

const mintedBy = ({ type, data }: TokenFamilyEvent): MintedAccessToken | null => {
  switch (type) {
    case 'TokenFamilyStarted':
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
    case 'ActiveHouseholdSwitched':
      return data.accessToken;
    case 'TokenTheftDetected':
    case 'AccessTokenRevoked':
    case 'TokenFamilyRevoked':
      return null;
  }
};

const holds = (spans: readonly AccessTokenSpan[], ordinal: number): boolean =>
  spans.some(({ first, last }) => first <= ordinal && ordinal <= last);

const ends = ({ type, data }: TokenFamilyEvent, ordinal: number): boolean => {
  switch (type) {
    case 'AccessTokenRevoked':
      return data.accessToken.ordinal === ordinal;
    case 'ActiveHouseholdSwitched':
    case 'TokenFamilyRevoked':
      return holds(data.accessTokens, ordinal);
    case 'TokenFamilyStarted':
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
    case 'TokenTheftDetected':
      return false;
  }
};

/** Every access token that a family was given, in the order in which they were made. */
export const accessTokensIn = (past: FamilyPast): readonly AccessTokenFate[] =>
  past.flatMap((recorded) => {
    const minted = mintedBy(recorded.event);
    if (minted === null) return [];
    const { ordinal, expiresAt } = minted;
    // One that had expired by then was past ending: its span is of the minute, not of the second.
    const ended = past.find(
      ({ event, metadata }) => ends(event, ordinal) && metadata.occurredAt < expiresAt,
    );
    return [{ ordinal, expiresAt, mintedBy: recorded, ended }];
  });
