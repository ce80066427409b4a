import type { Instant } from '../../../domain/instant.ts';
import { parseAccessTokenId } from '../../../domain/token-family/access-token-spans.ts';
import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import { describeAccessTokenEnd } from '../../sessions/refresh-words.ts';
import { type AccessTokenFate, accessTokensIn } from '../history/as-of-access-tokens.ts';
import { familyAsOf } from '../history/as-of-family.ts';
import type { AsOf, FindMoment, Moment } from '../history/as-of-moment.ts';
import type { FamilyPast, ReadPast } from '../history/as-of-streams.ts';
import { lastOf } from './explain-family.ts';
import {
  type Because,
  becauseOf,
  type Explanation,
  explanationOf,
  type Finding,
} from './explain-reasons.ts';
import type { FindCauses } from './explain-revocation.ts';

const verdictOn = (
  { expiresAt, ended }: AccessTokenFate,
  at: Instant,
): Pick<Finding, 'code' | 'verdict'> => {
  const code = 'access_token_invalid';
  if (ended !== undefined) {
    const { occurredAt } = ended.metadata;
    return {
      code,
      verdict: `The access token is refused since ${occurredAt}: ${describeAccessTokenEnd(ended.event)}.`,
    };
  }
  return at < expiresAt
    ? { code: null, verdict: `The access token is accepted: it is valid until ${expiresAt}.` }
    : { code, verdict: `The access token is refused: it expired at ${expiresAt}.` };
};

/** The household that the session acted for before that event. */
const householdBefore = (past: FamilyPast, { revision }: RecordedEvent<unknown>, at: Instant) =>
  familyAsOf(
    past.filter((one) => one.revision < revision),
    at,
  )?.householdId ?? null;

type Dependencies = Readonly<{
  findMoment: FindMoment;
  readPast: ReadPast;
  findCauses: FindCauses;
}>;

type Asking = Readonly<{ jti: string; asOf: AsOf }>;

export type ExplainAccessToken = ReturnType<typeof createExplainAccessToken>;

/**
 * Explains whether an access token is accepted, and why.
 * @throws ApplicationError `access_token_not_found`
 */
export const createExplainAccessToken = ({ findMoment, readPast, findCauses }: Dependencies) => {
  const causesOf = async (
    past: FamilyPast,
    by: RecordedEvent<TokenFamilyEvent>,
    userId: string,
    moment: Moment,
  ): Promise<readonly Because[]> => {
    const { type, data } = by.event;
    const householdId = householdBefore(past, by, moment.at);
    if (type === 'ActiveHouseholdSwitched' && data.cause === 'membership_lost') {
      return findCauses({ by, userId, householdId, reason: 'membership_lost' }, moment);
    }
    if (type !== 'TokenFamilyRevoked') return [];
    const theft = data.reason === 'theft' ? lastOf(past, 'TokenTheftDetected') : undefined;
    const causes = await findCauses({ by, userId, householdId, reason: data.reason }, moment);
    return theft === undefined ? causes : [becauseOf(theft), ...causes];
  };

  return async ({ jti, asOf }: Asking): Promise<Explanation> => {
    const id = parseAccessTokenId(jti);
    if (id === undefined) throw new ApplicationError('access_token_not_found');
    const { familyId, ordinal } = id;
    const moment = await findMoment(asOf);
    const past = await readPast('tokenFamily', familyId, moment);
    const fate = accessTokensIn(past).find((token) => token.ordinal === ordinal);
    const family = familyAsOf(past, moment.at);
    if (fate === undefined || family === undefined) {
      throw new ApplicationError('access_token_not_found');
    }
    const { mintedBy, ended } = fate;
    const causes = ended === undefined ? [] : await causesOf(past, ended, family.userId, moment);
    const own = ended === undefined ? [mintedBy] : [mintedBy, ended];
    const because = [...own.map(becauseOf), ...causes];
    return explanationOf({ ...verdictOn(fate, moment.at), because }, moment.at, family.userId);
  };
};
