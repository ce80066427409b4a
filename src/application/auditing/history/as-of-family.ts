import { fold } from '../../../domain/decider.ts';
import type { Instant } from '../../../domain/instant.ts';
import { accessTokenId } from '../../../domain/token-family/access-token-spans.ts';
import type {
  RevocationReason,
  TokenFamilyStarted,
  TokenHolder,
} from '../../../domain/token-family/token-family-events.ts';
import { tokenFamilyAggregate } from '../../kernel/aggregate.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { AccessTokenFate } from './as-of-access-tokens.ts';
import { accessTokensIn } from './as-of-access-tokens.ts';
import type { AsOf, FindMoment, Moment } from './as-of-moment.ts';
import type { FamilyPast, ReadPast } from './as-of-streams.ts';
import { type Timeline, timelineOf } from './as-of-timeline.ts';

/** A session as it was at some moment. */
export type FamilyAsOf = Readonly<{
  familyId: string;
  userId: string;
  /** `expired`: not revoked, but not used for too long or past its absolute end. */
  status: 'live' | 'expired' | 'revoked';
  /** The household that the session acted for last. */
  householdId: string | null;
  deviceName: string | null;
  ip: string;
  userAgent: string;
  /** Of the live refresh token, or the last one. */
  generation: number;
  startedAt: Instant;
  lastUsedAt: Instant;
  expiresAt: Instant;
  absoluteExpiresAt: Instant;
  revoked: Readonly<{ at: Instant; reason: RevocationReason }> | null;
}>;

/** The same with its events and its access tokens that were valid. */
export type FamilyHistory = Readonly<{ asOf: Instant }> &
  FamilyAsOf &
  Timeline &
  Readonly<{ accessTokens: readonly Readonly<{ jti: string; expiresAt: Instant }>[] }>;

type Used = Readonly<{ holder: TokenHolder; at: Instant; expiresAt?: Instant }>;

const usesIn = (past: FamilyPast): readonly Used[] =>
  past.flatMap(({ event: { type, data } }): readonly Used[] => {
    if (type === 'TokenFamilyStarted') return [{ ...data, at: data.startedAt }];
    if (type === 'RefreshTokenRotated') return [{ ...data, at: data.rotatedAt }];
    return type === 'RefreshTokenReplayed' ? [{ holder: data.holder, at: data.replayedAt }] : [];
  });

const householdIn = (past: FamilyPast, started: TokenFamilyStarted['data']): string | null =>
  past.reduce<string | null>(
    (household, { event: { type, data } }) =>
      type === 'ActiveHouseholdSwitched' ? data.householdId : household,
    started.householdId,
  );

const generationIn = (past: FamilyPast): number =>
  past.reduce(
    (generation, { event: { type, data } }) =>
      type === 'RefreshTokenRotated' ? data.generation : generation,
    0,
  );

/** Undefined if the session had not begun. */
export const familyAsOf = (past: FamilyPast, at: Instant): FamilyAsOf | undefined => {
  const [first] = past;
  if (first?.event.type !== 'TokenFamilyStarted') return undefined;
  const { data: started } = first.event;
  const { decider } = tokenFamilyAggregate;
  const state = fold(
    decider,
    decider.initialState,
    past.map(({ event }) => event),
  );
  const uses = usesIn(past);
  const last = uses.at(-1) ?? { holder: started.holder, at: started.startedAt };
  const expiresAt = uses.reduce((end, use) => use.expiresAt ?? end, started.expiresAt);
  const revoked = state.status === 'revoked' ? { at: state.revokedAt, reason: state.reason } : null;
  return {
    familyId: first.stream.id,
    userId: started.userId,
    status: revoked !== null ? 'revoked' : at < expiresAt ? 'live' : 'expired',
    householdId: householdIn(past, started),
    deviceName: started.deviceName,
    ip: last.holder.ip,
    userAgent: last.holder.userAgent,
    generation: generationIn(past),
    startedAt: started.startedAt,
    lastUsedAt: last.at,
    expiresAt,
    absoluteExpiresAt: started.absoluteExpiresAt,
    revoked,
  };
};

const isValid = ({ expiresAt, ended }: AccessTokenFate, at: Instant): boolean =>
  ended === undefined && at < expiresAt;

type Dependencies = Readonly<{ findMoment: FindMoment; readPast: ReadPast }>;
type Asking = Readonly<{ familyId: string; asOf: AsOf; limit: number }>;

export type ReadFamilyAsOf = ReturnType<typeof createReadFamilyAsOf>;

/** Reads a session as it was. @throws ApplicationError `session_not_found` if it had not begun */
export const createReadFamilyAsOf =
  ({ findMoment, readPast }: Dependencies) =>
  async ({ familyId, asOf, limit }: Asking): Promise<FamilyHistory> => {
    const moment: Moment = await findMoment(asOf);
    const past = await readPast('tokenFamily', familyId, moment);
    const family = familyAsOf(past, moment.at);
    if (family === undefined) throw new ApplicationError('session_not_found');
    const accessTokens = accessTokensIn(past)
      .filter((token) => isValid(token, moment.at))
      .map(({ ordinal, expiresAt }) => ({ jti: accessTokenId(familyId, ordinal), expiresAt }));
    return { asOf: moment.at, ...family, accessTokens, ...timelineOf(past, limit) };
  };
