import type { AccessTokenEnd } from '../../../../../application/auditing/theft/theft-access-tokens.ts';
import type {
  RevocationReason,
  TheftCause,
  TokenFamilyEvent,
} from '../../../../../domain/token-family/token-family-events.ts';
import type { Moment } from './family-stops.ts';

export const reasonWords: Readonly<Record<RevocationReason, string>> = {
  sign_out: 'signed out',
  theft: 'theft',
  password_changed: 'password changed',
  deactivated: 'account deactivated',
  erased: 'account erased',
  admin: 'ended by an administrator',
  membership_lost: 'membership lost',
};

/** The reason why the presented token cannot come from the client that holds the live one. */
export const causeWords: Readonly<Record<TheftCause, string>> = {
  older_generation: 'it was two or more rotations old',
  other_client: 'it came from a different client than the one that had exchanged it',
  after_grace: 'the grace period for lost responses was over',
};

/** The reason why an access token stops being accepted. */
export const endWords: Readonly<Record<AccessTokenEnd, string>> = {
  expired: 'it expires',
  revoked: 'it was revoked',
  household_switched: 'the session switched to another household',
  family_revoked: 'the session ended',
};

const WORDS: Readonly<Record<TokenFamilyEvent['type'], string>> = {
  TokenFamilyStarted: 'Signed in',
  RefreshTokenRotated: 'Token exchanged',
  RefreshTokenReplayed: 'Token answered again',
  TokenTheftDetected: 'Superseded token presented',
  ActiveHouseholdSwitched: 'Switched household',
  AccessTokenRevoked: 'Access token revoked',
  TokenFamilyRevoked: 'Session ended',
};

/** Names an event in a few words. */
export const momentWords = ({ type, generation }: Pick<Moment, 'type' | 'generation'>): string =>
  generation === null ? WORDS[type] : `${WORDS[type]}: generation ${generation}`;
