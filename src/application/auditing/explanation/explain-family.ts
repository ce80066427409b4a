import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import { revocationWords } from '../../sessions/refresh-words.ts';
import { type FamilyAsOf, familyAsOf } from '../history/as-of-family.ts';
import type { AsOf, FindMoment } from '../history/as-of-moment.ts';
import type { FamilyPast, ReadPast } from '../history/as-of-streams.ts';
import { becauseOf, type Explanation, explanationOf, type Finding } from './explain-reasons.ts';
import type { FindCauses } from './explain-revocation.ts';

export const lastOf = <Type extends TokenFamilyEvent['type']>(past: FamilyPast, type: Type) =>
  past.findLast(
    (one): one is RecordedEvent<Extract<TokenFamilyEvent, { type: Type }>> =>
      one.event.type === type,
  );

const MINTING: readonly TokenFamilyEvent['type'][] = ['TokenFamilyStarted', 'RefreshTokenRotated'];

const expiry = ({ expiresAt, absoluteExpiresAt, lastUsedAt, startedAt }: FamilyAsOf): string =>
  expiresAt === absoluteExpiresAt
    ? `it expired at ${expiresAt}, the longest that a session begun at ${startedAt} may last`
    : `it expired at ${expiresAt}, as it was not used after ${lastUsedAt}`;

const verdictOn = (family: FamilyAsOf): Pick<Finding, 'code' | 'verdict'> => {
  const { status, generation, expiresAt, revoked } = family;
  if (revoked !== null) {
    const why = `${revocationWords[revoked.reason].clause} (${revoked.reason})`;
    return {
      code: 'refresh_token_invalid',
      verdict: `Every token of the session is refused since ${revoked.at}: ${why}.`,
    };
  }
  if (status === 'expired') {
    return {
      code: 'refresh_token_invalid',
      verdict: `Every refresh token of the session is refused: ${expiry(family)}.`,
    };
  }
  const older = generation === 0 ? '' : '; presenting an older one is refused and ends the session';
  return {
    code: null,
    verdict: `The session is valid: its refresh token of generation ${generation} is accepted until ${expiresAt}${older}.`,
  };
};

type Dependencies = Readonly<{
  findMoment: FindMoment;
  readPast: ReadPast;
  findCauses: FindCauses;
}>;

type Asking = Readonly<{ familyId: string; asOf: AsOf }>;

/** The sign-in, the latest refresh, and what ended the session. */
const ownEvents = (past: FamilyPast): FamilyPast => {
  const [first] = past;
  const latest = past.findLast(({ event }) => MINTING.includes(event.type));
  const ends = [lastOf(past, 'TokenTheftDetected'), lastOf(past, 'TokenFamilyRevoked')];
  return [first, latest, ...ends].flatMap((one) => one ?? []);
};

export type ExplainFamily = ReturnType<typeof createExplainFamily>;

/**
 * Explains whether a session's refresh tokens are accepted, and why.
 * @throws ApplicationError `session_not_found`
 */
export const createExplainFamily =
  ({ findMoment, readPast, findCauses }: Dependencies) =>
  async ({ familyId, asOf }: Asking): Promise<Explanation> => {
    const moment = await findMoment(asOf);
    const past = await readPast('tokenFamily', familyId, moment);
    const family = familyAsOf(past, moment.at);
    if (family === undefined) throw new ApplicationError('session_not_found');
    const { userId, householdId } = family;
    const by = lastOf(past, 'TokenFamilyRevoked');
    const causes =
      by === undefined
        ? []
        : await findCauses({ by, userId, householdId, reason: by.event.data.reason }, moment);
    const because = [...ownEvents(past).map(becauseOf), ...causes];
    return explanationOf({ ...verdictOn(family), because }, moment.at, userId);
  };
