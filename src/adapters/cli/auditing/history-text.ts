import type {
  FamilyAsOf,
  FamilyHistory,
} from '../../../application/auditing/history/as-of-family.ts';
import type { HouseholdHistory } from '../../../application/auditing/history/as-of-household.ts';
import type { UserHistory } from '../../../application/auditing/history/as-of-user.ts';
import { formatLines, section, timeline } from './history-sections.ts';

const emailOf = ({ email, emailVerified, pendingEmail }: UserHistory): string | null => {
  if (email === null) return pendingEmail === null ? null : `${pendingEmail} (not proven)`;
  return `${email} (${emailVerified ? 'proven' : 'not proven'})`;
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

/** An account, as text. */
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

/** A household, as text. */
export const formatHousehold = (household: HouseholdHistory): string =>
  [
    ...formatLines([
      ['Household', household.householdId],
      ['As of', household.asOf],
      ['Status', household.status],
      ['Name', household.name],
      ['Home', household.home ? 'came along with an account' : 'no'],
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
  revoked === null ? `by itself at ${expiresAt}` : `${revoked.at} (${revoked.reason})`;

/** A session, as text. */
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
      'Access tokens that are good',
      ['jti', 'until'],
      family.accessTokens.map(({ jti, expiresAt }) => [jti, expiresAt]),
    ),
    ...timeline(family),
  ].join('\n');
