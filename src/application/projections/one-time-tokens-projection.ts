import type { Instant } from '../../domain/instant.ts';
import type { IssuedToken, OneTimeTokenType } from '../../domain/one-time-token.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { Projection, RowChange } from './row-change.ts';

const at = (userId: string, type: OneTimeTokenType, number = 0) => ({
  user_id: userId,
  type,
  number,
});

const issue = (
  where: RowChange['where'],
  { tokenHash, expiresAt }: IssuedToken,
  createdAt: Instant,
): RowChange => ({
  table: 'tokens',
  op: 'upsert',
  where,
  set: { token_hash: tokenHash, created_at: createdAt, expires_at: expiresAt },
});

const remove = (where: RowChange['where']): RowChange => ({
  table: 'tokens',
  op: 'delete',
  where,
  set: {},
});

/** Undo tokens remain valid after a change of credentials, which they revert. */
const removeAllButUndo = (userId: string): readonly RowChange[] =>
  (['email_verification', 'password_reset', 'email_change'] as const).map((type) =>
    remove(at(userId, type)),
  );

/** Keeps one row per live one-time token, with its user and purpose. */
export const oneTimeTokensProjection: Projection<UserEvent> = ({
  stream: { id },
  event: { type, data },
}) => {
  switch (type) {
    case 'EmailVerificationRequested':
      return [issue(at(id, 'email_verification'), data.token, data.requestedAt)];
    case 'PasswordResetRequested':
      return [issue(at(id, 'password_reset'), data.token, data.requestedAt)];
    case 'EmailChangeRequested':
      return [issue(at(id, 'email_change'), data.token, data.requestedAt)];
    case 'EmailVerified':
      return [remove(at(id, 'email_verification'))];
    case 'EmailChanged':
      return [
        ...removeAllButUndo(id),
        ...(data.undoes === null ? [] : [remove(at(id, 'email_change_undo', data.undoes))]),
        ...(data.undo === null
          ? []
          : [
              issue(at(id, 'email_change_undo', data.undo.number), data.undo.token, data.changedAt),
            ]),
      ];
    case 'PasswordChanged':
      return removeAllButUndo(id);
    // The tokens are deleted with the user: see `deletedWith` in projected-tables.
    case 'UserErased':
    case 'UserRegistered':
    case 'UserImported':
    case 'DisplayNameChanged':
    case 'UsernameChanged':
    case 'LocaleChanged':
    case 'PasswordRehashed':
    case 'SignInFailed':
    case 'UserLocked':
    case 'UserUnlocked':
    case 'RoleChanged':
    case 'TierChanged':
    case 'UserDeactivated':
    case 'UserReactivated':
    case 'GuestUpgradeRequested':
    case 'GuestUpgraded':
      return [];
  }
};
