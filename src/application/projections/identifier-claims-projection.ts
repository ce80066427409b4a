import type { SignInIdentifier } from '../../domain/user/sign-in-identifier.ts';
import type { UserEvent } from '../../domain/user/user-events.ts';
import type { Projection, RowChange } from './row-change.ts';

const confirm = (kind: SignInIdentifier['kind'], value: string | null, userId: string) =>
  value === null
    ? []
    : [
        {
          table: 'identifier_claims',
          op: 'upsert',
          where: { kind, value },
          set: { user_id: userId, expires_at: null },
        } satisfies RowChange,
      ];

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
      return [
        ...(data.previous === null ? [] : [free('username', data.previous)]),
        ...confirm('username', data.username, stream.id),
      ];
    case 'DisplayNameChanged':
    case 'SignInFailed':
    case 'UserLocked':
    case 'PasswordRehashed':
    case 'UserDeactivated':
    case 'UserReactivated':
      return [];
  }
};

const free = (kind: SignInIdentifier['kind'], value: string): RowChange => ({
  table: 'identifier_claims',
  op: 'delete',
  where: { kind, value },
  set: {},
});
