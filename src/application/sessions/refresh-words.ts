import type { RefreshVerdict } from '../../domain/token-family/refresh-verdict.ts';
import type {
  RevocationReason,
  TheftCause,
  TokenFamilyEvent,
} from '../../domain/token-family/token-family-events.ts';

type EventType = TokenFamilyEvent['type'];

/** Why a session ended: `short` behind a label, `clause` within a sentence about the session. */
export const revocationWords: Readonly<
  Record<RevocationReason, Readonly<{ short: string; clause: string }>>
> = {
  sign_out: { short: 'signed out', clause: 'it was signed out' },
  theft: {
    short: 'theft',
    clause: 'a superseded refresh token was presented, which means that two clients had it',
  },
  password_changed: { short: 'password changed', clause: 'the password was changed' },
  deactivated: { short: 'account deactivated', clause: 'the account was deactivated' },
  erased: { short: 'account erased', clause: 'the account was erased' },
  admin: { short: 'ended by an administrator', clause: 'an administrator ended it' },
  membership_lost: {
    short: 'membership lost',
    clause: 'its user is no longer a member of the household it acted for',
  },
};

/** Why the presented token cannot come from the client that holds the live one. */
export const theftCauseWords: Readonly<Record<TheftCause, string>> = {
  older_generation: 'the token was two or more rotations old',
  other_client: 'the token came from a different client than the one that had exchanged it',
  after_grace: 'the grace period for lost responses was over',
};

/** What the protocol answers to a genuine refresh token of a live session. */
export const refreshOutcomeWords: Readonly<
  Record<Exclude<RefreshVerdict['kind'], 'invalid'>, string>
> = {
  rotate: 'a new generation',
  replay: 'the same token issued again',
  too_many_replays: 'refused: issued again too often',
  theft: 'theft',
};

/** What ends an access token. */
export const accessTokenEndWords: Readonly<
  Record<'expired' | 'revoked' | 'household_switched' | 'family_revoked', string>
> = {
  expired: 'expiry',
  revoked: 'its own revocation',
  household_switched: 'switch to another household',
  family_revoked: 'end of the session',
};

/** Names the events of a session in headings and tables. */
export const familyEventNames: Readonly<Record<EventType, string>> = {
  TokenFamilyStarted: 'Signed in',
  RefreshTokenRotated: 'Token exchanged',
  RefreshTokenReplayed: 'Token issued again',
  TokenTheftDetected: 'Superseded token presented',
  ActiveHouseholdSwitched: 'Switched household',
  AccessTokenRevoked: 'Access token revoked',
  TokenFamilyRevoked: 'Session ended',
};

/** The numbers in an event of a session: of its refresh token and of its access token. */
type FamilyEventFacts = Readonly<{
  type: EventType;
  generation: number | null;
  accessToken: number | null;
}>;

/** Summarises an event of a session by its numbers alone, for timelines. */
export const summariseFamilyFacts = ({
  type,
  generation,
  accessToken,
}: FamilyEventFacts): string => {
  const minted = accessToken === null ? '' : `, access token .${accessToken}`;
  switch (type) {
    case 'TokenFamilyStarted':
      return `signed in: generation 0 issued${minted}`;
    case 'RefreshTokenRotated':
      return `generation ${generation} issued${minted}`;
    case 'RefreshTokenReplayed':
      return `generation ${generation} issued again${minted}`;
    case 'TokenTheftDetected':
      return `THEFT: generation ${generation} presented`;
    case 'ActiveHouseholdSwitched':
      return `switched to another household${minted}`;
    case 'AccessTokenRevoked':
      return `access token .${accessToken} revoked`;
    case 'TokenFamilyRevoked':
      return 'family revoked';
  }
};

const factsOf = ({ type, data }: TokenFamilyEvent): FamilyEventFacts => {
  const accessToken = 'accessToken' in data ? (data.accessToken?.ordinal ?? null) : null;
  if (type === 'TokenTheftDetected') {
    return { type, generation: data.presentedGeneration, accessToken };
  }
  return { type, generation: 'generation' in data ? data.generation : null, accessToken };
};

/** Summarises an event of a session with its reasons, for explanations. */
export const summariseFamilyEvent = (event: TokenFamilyEvent): string => {
  const { type, data } = event;
  switch (type) {
    case 'TokenTheftDetected':
      return `${summariseFamilyFacts(factsOf(event))}, generation ${data.currentGeneration} was live (${theftCauseWords[data.cause]})`;
    case 'ActiveHouseholdSwitched':
      return `switched from ${data.previous ?? 'no household'} to ${data.householdId} (${data.cause === 'chosen' ? 'chosen by the user' : 'membership lost'})`;
    case 'TokenFamilyRevoked':
      return `${summariseFamilyFacts(factsOf(event))} (${revocationWords[data.reason].short})`;
    case 'TokenFamilyStarted':
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
    case 'AccessTokenRevoked':
      return summariseFamilyFacts(factsOf(event));
  }
};

/** Explains within a sentence how the event ended an access token of its session. */
export const describeAccessTokenEnd = ({ type, data }: TokenFamilyEvent): string => {
  switch (type) {
    case 'AccessTokenRevoked':
      return 'it was revoked alone, and the session continued';
    case 'ActiveHouseholdSwitched':
      return data.cause === 'chosen'
        ? `the session was switched to ${data.householdId}`
        : `its user lost the membership of ${data.previous ?? 'the household'}, and the session continued in ${data.householdId}`;
    case 'TokenFamilyRevoked':
      return `its session was ended: ${revocationWords[data.reason].clause} (${data.reason})`;
    case 'TokenFamilyStarted':
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
    case 'TokenTheftDetected':
      return 'nothing ended it';
  }
};

/** States in one sentence, from ids alone, what an event of the session `family` says. */
export const describeFamilyEvent = ({ type, data }: TokenFamilyEvent, family: string): string => {
  switch (type) {
    case 'TokenFamilyStarted':
      return `${data.userId} signed in: session ${family}.`;
    case 'RefreshTokenRotated':
      return `The session ${family} was refreshed: generation ${data.generation}.`;
    case 'RefreshTokenReplayed':
      return `Generation ${data.generation} of session ${family} was issued again.`;
    case 'TokenTheftDetected':
      return `Generation ${data.presentedGeneration} of session ${family} was presented although superseded.`;
    case 'ActiveHouseholdSwitched':
      return `The session ${family} was switched to ${data.householdId}.`;
    case 'AccessTokenRevoked':
      return `The access token .${data.accessToken.ordinal} of session ${family} was revoked.`;
    case 'TokenFamilyRevoked':
      return `The session ${family} was ended: ${revocationWords[data.reason].short}.`;
  }
};
