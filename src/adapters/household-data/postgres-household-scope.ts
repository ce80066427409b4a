import type { HouseholdScope } from '../../application/household-data/household-scope.ts';
import { ApplicationError } from '../../application/kernel/errors.ts';
import type { HouseholdRole } from '../../domain/household/household-events.ts';
import { type Database, errorCode } from '../postgres/connection/connection.ts';
import { createKnexHouseholdRecords } from './knex-household-records.ts';

/** How long a request may wait for a lock: it must not act long after its member was removed. */
const LOCK_TIMEOUT = '800ms';
const MAX_ATTEMPTS = 3;

// Serialization failure, deadlock; lock timeout.
const LOST_RACE = /^(40001|40P01)$/;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Sets the household that the policies read, and drops the privileges of the connection's user,
 * until the transaction ends. Returns and sets nothing if the user is not a member.
 */
const ENTER = {
  name: 'enter_household',
  text: `SELECT m.role, set_config('latchkey.household_id', m.household_id, true),
      set_config('lock_timeout', '${LOCK_TIMEOUT}', true),
      set_config('role', 'latchkey_member', true)
    FROM household_members AS m JOIN users AS u ON u.id = m.user_id
    WHERE m.household_id = $1 AND m.user_id = $2 AND u.is_active`,
};

const sqlStateOf = (error: unknown): string =>
  errorCode(error instanceof ApplicationError ? error.cause : error);

/** Isolates by row-level security: no query of `work` reaches rows of another household. */
export const createPostgresHouseholdScope =
  (database: Database): HouseholdScope =>
  async (member, work) => {
    const { householdId, userId } = member;
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
      try {
        return await database.transaction(async (connection) => {
          const [entered] = await connection.query<{ role: HouseholdRole }>({
            ...ENTER,
            values: [householdId, userId],
          });
          if (entered === undefined) throw new ApplicationError('household_required');
          return work(entered.role, createKnexHouseholdRecords(connection, member));
        });
      } catch (error) {
        const sqlState = sqlStateOf(error);
        if (sqlState === LOCK_NOT_AVAILABLE) break;
        if (!LOST_RACE.test(sqlState)) throw error;
      }
    }
    throw new ApplicationError('concurrent_update');
  };
