import { ApplicationError } from '../../../application/kernel/errors.ts';
import { RevisionConflict, type StreamAppend } from '../../../application/kernel/event-store.ts';
import { errorCode } from '../../postgres/connection/connection.ts';

const FOREIGN_KEY_VIOLATION = '23503';

/** Foreign keys to `users` of Latchkey's own tables. */
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
 * Translates a violated foreign key to `users`, which means a race with an erasure: the user is
 * erased already (`user_not_found`), has come to own a household meanwhile (`RevisionConflict`), or
 * a table of the application still references the row (`user_in_use`). Other errors are returned
 * unchanged.
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
