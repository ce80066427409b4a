import type { Instant } from '../../domain/instant.ts';
import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import { unlessErased } from './erased-identifier.ts';
import type { Projection, RowChange } from './row-change.ts';

type Kind = SignInIdentifier['kind'];

const claim = (
  kind: Kind,
  text: string | null,
  userId: string,
  heldUntil: Instant | null = null,
): readonly RowChange[] => {
  const value = unlessErased(text);
  if (value === null) return [];
  const set = { user_id: userId, expires_at: null, held_until: heldUntil };
  return [{ table: 'identifier_claims', op: 'upsert', where: { kind, value }, set }];
};

const free = (kind: Kind, text: string | null): readonly RowChange[] => {
  const value = unlessErased(text);
  return value === null
    ? []
    : [{ table: 'identifier_claims', op: 'delete', where: { kind, value }, set: {} }];
};

/** Confirms identifiers that the registry claimed before the event, and releases replaced ones. */
export const identifierClaimsProjection: Projection<UserEvent> = ({
  stream: { id },
  event: { type, data },
}) => {
  switch (type) {
    case 'UserRegistered':
      // A pending account has requested its identifiers, but not claimed them.
      return data.pending
        ? []
        : [...claim('email', data.email, id), ...claim('username', data.username, id)];
    case 'UserImported':
      return [...claim('email', data.email, id), ...claim('username', data.username, id)];
    case 'EmailVerified':
    case 'GuestUpgraded':
      return claim('email', data.email, id);
    case 'EmailChanged':
      return [
        ...(data.previousHeldUntil === null
          ? free('email', data.previous)
          : claim('email', data.previous, id, data.previousHeldUntil)),
        ...claim('email', data.email, id),
      ];
    case 'UsernameChanged':
      return [...free('username', data.previous), ...claim('username', data.username, id)];
    case 'UserErased':
      return [{ table: 'identifier_claims', op: 'delete', where: { user_id: id }, set: {} }];
    case 'EmailVerificationRequested':
    case 'EmailChangeRequested':
    case 'DisplayNameChanged':
    case 'LocaleChanged':
    case 'PasswordResetRequested':
    case 'PasswordChanged':
    case 'PasswordRehashed':
    case 'SignInFailed':
    case 'UserLocked':
    case 'UserUnlocked':
    case 'RoleChanged':
    case 'TierChanged':
    case 'UserDeactivated':
    case 'UserReactivated':
    case 'GuestUpgradeRequested':
      return [];
  }
};
