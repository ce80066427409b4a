import type { HouseholdPolicy } from '../../../src/domain/household/household-commands.ts';
import type {
  GrantableRole,
  HouseholdCreated,
  HouseholdEvent,
  HouseholdRole,
  MemberAdded,
} from '../../../src/domain/household/household-events.ts';
import { at, START } from './token-family-fixtures.ts';

export const ANN = 'user_ann';
export const BEN = 'user_ben';
export const CAT = 'user_cat';
export const DAN = 'user_dan';
export const STRANGER = 'user_stranger';

export const policy: HouseholdPolicy = {
  maxMembers: 4,
  maxOpenInvitations: 3,
  maxSendings: 5,
  resendSeconds: 60,
};

export const ROLES: readonly HouseholdRole[] = ['owner', 'admin', 'member', 'viewer'];
export const GRANTABLE: readonly GrantableRole[] = ['admin', 'member', 'viewer'];

// The seconds count from `START`.

export const created = (home = false): HouseholdCreated => ({
  type: 'HouseholdCreated',
  data: { name: 'Ann and Ben', ownerId: ANN, home, createdAt: START },
});
export const added = (
  userId: string,
  role: GrantableRole,
  seconds = 0,
  invitationId: string | null = null,
): MemberAdded => ({
  type: 'MemberAdded',
  data: { userId, role, home: false, invitationId, addedAt: at(seconds) },
});

/** A household of Ann’s; the other members have the given roles. */
export const household = (
  roles: Readonly<Record<string, GrantableRole>> = {},
): HouseholdEvent[] => [
  created(),
  ...Object.entries(roles).map(([userId, role]) => added(userId, role)),
];
