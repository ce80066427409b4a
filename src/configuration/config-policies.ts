import type { OneTimeTokenLifetimes } from '../application/identity/one-time-tokens.ts';
import type { SessionPolicy } from '../application/sessions/session-policy.ts';
import type { HouseholdPolicy } from '../domain/household/household-commands.ts';
import type { Reader } from './config-reader.ts';

const DAY = 24 * 60 * 60;
const UNDO_SECONDS = 7 * DAY;
const MAX_REPLAYS = 10;
/** One per second. Each is a row that is written when its session ends. */
const MAX_ACCESS_TOKENS = 600;
/** A further request within `resendSeconds` sends no mail. */
const INVITATIONS = { maxOpenInvitations: 50, maxSendings: 5, resendSeconds: 60 };
const LOCKOUT = { maxFailures: 10, windowSeconds: 15 * 60, lockSeconds: 15 * 60 };

export const readSessionPolicy = (
  { integer, choice, mistakes }: Reader,
  limited: boolean,
): SessionPolicy => {
  const policy: SessionPolicy = {
    accessTokenSeconds: integer('LATCHKEY_ACCESS_TOKEN_SECONDS', 600, 1, DAY),
    refreshIdleSeconds: integer('LATCHKEY_REFRESH_IDLE_SECONDS', 30 * DAY, 1, 3650 * DAY),
    refreshAbsoluteSeconds: integer('LATCHKEY_REFRESH_ABSOLUTE_SECONDS', 90 * DAY, 1, 3650 * DAY),
    replay: {
      graceSeconds: integer('LATCHKEY_REFRESH_GRACE_SECONDS', 30, 0, 3600),
      lostResponse: choice('LATCHKEY_REFRESH_LOST_RESPONSE', 'revoke', ['revoke', 'recover']),
      maxReplays: MAX_REPLAYS,
    },
    maxAccessTokens: limited ? MAX_ACCESS_TOKENS : undefined,
    theftScope: choice('LATCHKEY_THEFT_SCOPE', 'family', ['family', 'user']),
    lockout: LOCKOUT,
  };
  if (policy.refreshIdleSeconds > policy.refreshAbsoluteSeconds) {
    mistakes.push(
      'LATCHKEY_REFRESH_IDLE_SECONDS must not be longer than LATCHKEY_REFRESH_ABSOLUTE_SECONDS.',
    );
  }
  return policy;
};

export const readOneTimeTokens = ({ integer }: Reader): OneTimeTokenLifetimes => {
  const verification = integer('LATCHKEY_EMAIL_VERIFICATION_SECONDS', DAY, 1, 30 * DAY);
  return {
    email_verification: verification,
    email_change: verification,
    password_reset: integer('LATCHKEY_PASSWORD_RESET_SECONDS', 60 * 60, 1, 7 * DAY),
    email_change_undo: UNDO_SECONDS,
    household_invitation: integer('LATCHKEY_INVITATION_SECONDS', 7 * DAY, 1, 90 * DAY),
  };
};

export const readHouseholdPolicy = ({ integer }: Reader): HouseholdPolicy => ({
  ...INVITATIONS,
  maxMembers: integer('LATCHKEY_HOUSEHOLD_MEMBERS', 50, 1, 1_000),
});
