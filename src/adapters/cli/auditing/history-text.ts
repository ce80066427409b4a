import type {
  FamilyAsOf,
  FamilyHistory,
} from '../../../application/auditing/history/as-of-family.ts';
import type { HouseholdHistory } from '../../../application/auditing/history/as-of-household.ts';
import type { UserHistory } from '../../../application/auditing/history/as-of-user.ts';
import { revocationWords } from '../../../application/sessions/refresh-words.ts';
import { formatLines, section, timeline } from './history-sections.ts';

const emailOf = ({ email, emailVerified, pendingEmail }: UserHistory): string | null => {
  if (email === null) return pendingEmail === null ? null : `${pendingEmail} (not verified)`;
  return `${email} (${emailVerified ? 'verified' : 'not verified'})`;
};

const sessionRow = (session: FamilyAsOf) => [
  session.familyId,
  session.householdId,
  session.startedAt,
  session.lastUsedAt,
  session.expiresAt,
  session.ip,
  session.userAgent,
  session.deviceName,
];

/** Formats an account as text. */
export const formatUser = (user: UserHistory): string =>
  [
    ...formatLines([
      ['User', user.userId],
      ['As of', user.asOf],
      ['Status', user.status],
      ['E-mail', emailOf(user)],
      ['Username', user.username],
      ['Name', user.displayName],
      ['Role', user.role],
      ['Tier', user.tier],
      ['Language', user.locale],
      ['Password', user.hasPassword ? 'set' : null],
      ['Locked', user.lockedUntil === null ? 'no' : `until ${user.lockedUntil}`],
      ['Registered', user.registeredAt],
    ]),
    ...section(
      'Households',
      ['household', 'name', 'role', 'since'],
      user.memberships.map(({ householdId, name, role, joinedAt }) => [
        householdId,
        name,
        role,
        joinedAt,
      ]),
    ),
    ...section(
      'Live sessions',
      ['family', 'household', 'since', 'last used', 'until', 'address', 'agent', 'device'],
      user.sessions.map(sessionRow),
    ),
    ...timeline(user),
  ].join('\n');

/** Formats a household as text. */
export const formatHousehold = (household: HouseholdHistory): string =>
  [
    ...formatLines([
      ['Household', household.householdId],
      ['As of', household.asOf],
      ['Status', household.status],
      ['Name', household.name],
      ['Origin', household.home ? 'created with an account' : 'created separately'],
      ['Created', household.createdAt],
      ['Deleted', household.deletedAt],
    ]),
    ...section(
      'Members',
      ['user', 'role', 'since'],
      household.members.map(({ userId, role, joinedAt }) => [userId, role, joinedAt]),
    ),
    ...section(
      'Open invitations',
      ['invitation', 'role', 'by', 'until'],
      household.invitations.map(({ id, role, invitedBy, expiresAt }) => [
        id,
        role,
        invitedBy,
        expiresAt,
      ]),
    ),
    ...timeline(household),
  ].join('\n');

const endOf = ({ revoked, expiresAt }: FamilyHistory): string =>
  revoked === null
    ? `${expiresAt} (expiry)`
    : `${revoked.at} (${revocationWords[revoked.reason].short})`;

/** Formats a session as text. */
export const formatFamily = (family: FamilyHistory): string =>
  [
    ...formatLines([
      ['Family', family.familyId],
      ['As of', family.asOf],
      ['User', family.userId],
      ['Status', family.status],
      ['Household', family.householdId],
      ['Device', family.deviceName],
      ['Address', family.ip],
      ['Agent', family.userAgent],
      ['Generation', String(family.generation)],
      ['Began', family.startedAt],
      ['Last used', family.lastUsedAt],
      ['Ends', endOf(family)],
    ]),
    ...section(
      'Valid access tokens',
      ['jti', 'until'],
      family.accessTokens.map(({ jti, expiresAt }) => [jti, expiresAt]),
    ),
    ...timeline(family),
  ].join('\n');
