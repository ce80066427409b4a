import type { TableDeclaration } from '../../application/household-data/table-declaration.ts';
import { ApplicationError } from '../../application/kernel/errors.ts';
import { errorCode } from '../postgres/connection/connection.ts';

const FOREIGN_KEY_VIOLATION = '23503';
// Class 22 data exception, 23 integrity constraint violation; what a trigger raises.
const REFUSED_BY_TABLE = /^(22|23|P0001)/;

const constraintOf = (error: unknown): string =>
  error instanceof Error && 'constraint' in error ? String(error.constraint) : '';

/**
 * Maps a failed insert or update to the error for the client. Messages of the database are not
 * passed on, as they hold values and names.
 * @throws ApplicationError, or the error itself
 */
export const refusalOfRow =
  ({ name }: TableDeclaration) =>
  (error: unknown): never => {
    const code = errorCode(error);
    if (code === FOREIGN_KEY_VIOLATION) {
      // The household or the user was deleted meanwhile.
      const own = [`${name}_household_id_fkey`, `${name}_user_id_fkey`];
      throw new ApplicationError(
        own.includes(constraintOf(error)) ? 'household_required' : 'reference_not_found',
      );
    }
    if (REFUSED_BY_TABLE.test(code)) throw new ApplicationError('record_invalid');
    throw error;
  };

/** The same for a delete. @throws ApplicationError `record_in_use`, or the error itself */
export const refusalOfRemoval = (error: unknown): never => {
  if (errorCode(error) === FOREIGN_KEY_VIOLATION) throw new ApplicationError('record_in_use');
  throw error;
};
