import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import { unlessErased } from './erased-identifier.ts';
import type { Projection, RowChange } from './row-change.ts';

type Kind = SignInIdentifier['kind'];

const confirm = (kind: Kind, text: string | null, userId: string): readonly RowChange[] => {
  const value = unlessErased(text);
  if (value === null) return [];
  const set = { user_id: userId, expires_at: null };
  return [{ table: 'identifier_claims', op: 'upsert', where: { kind, value }, set }];
};

const free = (kind: Kind, text: string | null): readonly RowChange[] => {
  const value = unlessErased(text);
  return value === null
    ? []
    : [{ table: 'identifier_claims', op: 'delete', where: { kind, value }, set: {} }];
};

/** Confirms what the registry claimed before the event, and frees what the event gave up. */
export const identifierClaimsProjection: Projection<UserEvent> = ({
  stream,
  event: { type, data },
}) => {
  switch (type) {
    case 'UserRegistered':
      return [
        ...confirm('email', data.email, stream.id),
        ...confirm('username', data.username, stream.id),
      ];
    case 'UsernameChanged':
      return [...free('username', data.previous), ...confirm('username', data.username, stream.id)];
    case 'DisplayNameChanged':
    case 'SignInFailed':
    case 'UserLocked':
    case 'PasswordRehashed':
    case 'UserDeactivated':
    case 'UserReactivated':
      return [];
  }
};
