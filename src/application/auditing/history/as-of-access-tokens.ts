import type { Instant } from '../../../domain/instant.ts';
import type {
  AccessTokenSpan,
  MintedAccessToken,
  TokenFamilyEvent,
} from '../../../domain/token-family/token-family-events.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import type { FamilyPast } from './as-of-streams.ts';

/** An access token of a family, and the events that minted and ended it. */
export type AccessTokenFate = Readonly<{
  ordinal: number;
  expiresAt: Instant;
  mintedBy: RecordedEvent<TokenFamilyEvent>;
  /** The event that ended it before it expired. */
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

/** The whole numbers from `first` to `last`, but none above `highest`. */
const upTo = ({ first, last }: AccessTokenSpan, highest: number): readonly number[] =>
  Array.from({ length: Math.max(0, Math.min(last, highest) - first + 1) }, (_, i) => first + i);

/** The access tokens up to `highest` that an event ends. */
const endedBy = ({ type, data }: TokenFamilyEvent, highest: number): readonly number[] => {
  switch (type) {
    case 'AccessTokenRevoked':
      return [data.accessToken.ordinal];
    case 'ActiveHouseholdSwitched':
    case 'TokenFamilyRevoked':
      return data.accessTokens.flatMap((span) => upTo(span, highest));
    case 'TokenFamilyStarted':
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
    case 'TokenTheftDetected':
      return [];
  }
};

/** The events that end each access token, in order. A map, as a session may have 100,000 tokens. */
const endsIn = (past: FamilyPast): ReadonlyMap<number, FamilyPast> => {
  const highest = past.reduce(
    (most, { event }) => Math.max(most, mintedBy(event)?.ordinal ?? 0),
    0,
  );
  const ends = new Map<number, FamilyPast[number][]>();
  for (const recorded of past) {
    for (const ordinal of endedBy(recorded.event, highest)) {
      const known = ends.get(ordinal);
      if (known === undefined) ends.set(ordinal, [recorded]);
      else known.push(recorded);
    }
  }
  return ends;
};

/** Every access token of a family, in the order in which they were minted. */
export const accessTokensIn = (past: FamilyPast): readonly AccessTokenFate[] => {
  const ends = endsIn(past);
  return past.flatMap((recorded) => {
    const minted = mintedBy(recorded.event);
    if (minted === null) return [];
    const { ordinal, expiresAt } = minted;
    // Spans end tokens by the minute, so one may name a token that had expired before.
    const ended = ends.get(ordinal)?.find(({ metadata }) => metadata.occurredAt < expiresAt);
    return [{ ordinal, expiresAt, mintedBy: recorded, ended }];
  });
};
