import type { Instant } from '../../../domain/instant.ts';
import { accessTokenId } from '../../../domain/token-family/access-token-spans.ts';
import type { MintedAccessToken } from '../../../domain/token-family/token-family-events.ts';
import type { FamilyEvent } from './theft-decisions.ts';

export type AccessTokenEnd = 'expired' | 'revoked' | 'household_switched' | 'family_revoked';

/** An access token of the family, from its minting to its end. */
export type AccessTokenLife = Readonly<{
  jti: string;
  ordinal: number;
  /** The generation of the refresh token that was live when it was minted. */
  generation: number;
  mintedAt: Instant;
  expiresAt: Instant;
  /** When it stops being accepted: its expiry, or an earlier end. */
  endsAt: Instant;
  end: AccessTokenEnd;
  /** Minted while two clients held tokens of the family. */
  afterSplit: boolean;
}>;

type Minting = Readonly<{ token: MintedAccessToken; revision: bigint; generation: number }> &
  Readonly<{ mintedAt: Instant }>;
type Ending = Readonly<{ at: Instant; end: AccessTokenEnd; revision: bigint; only?: number }>;
type FindEnding = (minting: Omit<Minting, 'mintedAt' | 'generation'>) => Ending | undefined;

const mintingsIn = (events: readonly FamilyEvent[]): readonly Minting[] => {
  let generation = 0;
  return events.flatMap(({ revision, event: { type, data }, metadata }) => {
    if (type === 'RefreshTokenRotated') generation = data.generation;
    const mints =
      type === 'TokenFamilyStarted' ||
      type === 'RefreshTokenRotated' ||
      type === 'RefreshTokenReplayed' ||
      type === 'ActiveHouseholdSwitched';
    return mints && data.accessToken !== null
      ? [{ token: data.accessToken, revision, generation, mintedAt: metadata.occurredAt }]
      : [];
  });
};

const endingsIn = (events: readonly FamilyEvent[]): readonly Ending[] =>
  events.flatMap(({ revision, event: { type, data } }): Ending[] => {
    if (type === 'ActiveHouseholdSwitched') {
      return [{ at: data.switchedAt, end: 'household_switched', revision }];
    }
    if (type === 'TokenFamilyRevoked') {
      return [{ at: data.revokedAt, end: 'family_revoked', revision }];
    }
    if (type !== 'AccessTokenRevoked') return [];
    return [{ at: data.revokedAt, end: 'revoked', revision, only: data.accessToken.ordinal }];
  });

/** A map by token, as 100,000 tokens may have been revoked one by one. */
const createFindEnding = (events: readonly FamilyEvent[]): FindEnding => {
  const own = new Map<number, Ending[]>();
  const shared: Ending[] = [];
  for (const ending of endingsIn(events)) {
    if (ending.only === undefined) shared.push(ending);
    else own.set(ending.only, [...(own.get(ending.only) ?? []), ending]);
  }
  return ({ token: { ordinal, expiresAt }, revision }) => {
    const ends = ({ at, revision: ended }: Ending) => ended > revision && at < expiresAt;
    const [first, second] = [shared.find(ends), own.get(ordinal)?.find(ends)];
    if (first === undefined || second === undefined) return first ?? second;
    return first.revision < second.revision ? first : second;
  };
};

/** `splitRevision`: of the rotation since which two clients held tokens, if there was one. */
export const accessTokensOf = (
  familyId: string,
  events: readonly FamilyEvent[],
  splitRevision: bigint | undefined,
): readonly AccessTokenLife[] => {
  const findEnding = createFindEnding(events);
  return mintingsIn(events).map(({ token, revision, ...minting }) => {
    const { ordinal, expiresAt } = token;
    const ending = findEnding({ token, revision });
    return {
      jti: accessTokenId(familyId, ordinal),
      ordinal,
      ...minting,
      expiresAt,
      endsAt: ending?.at ?? expiresAt,
      end: ending?.end ?? 'expired',
      afterSplit: splitRevision !== undefined && revision >= splitRevision,
    };
  });
};
