import { ApplicationError } from '../../../application/kernel/errors.ts';
import { RevisionConflict, type StreamAppend } from '../../../application/kernel/event-store.ts';
import { errorCode } from '../../postgres/connection/connection.ts';

const FOREIGN_KEY_VIOLATION = '23503';

/** Of our own tables: rows that go with their user, and what a user owns. */
const TO_A_USER = new Set([
  'household_members_user_id_fkey',
  'households_owner_id_fkey',
  'refresh_tokens_user_id_fkey',
  'sessions_user_id_fkey',
  'tokens_user_id_fkey',
]);

const constraintOf = (error: unknown): string =>
  error instanceof Error && 'constraint' in error ? String(error.constraint) : '';

/**
 * What a foreign key on `users` refuses is a race with an erasure: the user is gone, or has come to own
 * something meanwhile, or a table of the application still needs the row.
 */
export const translateBrokenReference = (
  error: unknown,
  appends: readonly StreamAppend[],
): unknown => {
  if (errorCode(error) !== FOREIGN_KEY_VIOLATION) return error;
  const erased = appends.find(({ events }) =>
    events.some(({ event }) => event.type === 'UserErased'),
  );
  const ours = TO_A_USER.has(constraintOf(error));
  if (erased === undefined) return ours ? new ApplicationError('user_not_found') : error;
  return ours
    ? new RevisionConflict(erased.stream, { cause: error })
    : new ApplicationError('user_in_use');
};
