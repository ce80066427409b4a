import { plusSeconds } from '../../domain/instant.ts';
import type { Clock } from '../kernel/clock.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { EraseUser } from './erase-user.ts';
import type { UnverifiedAccounts } from './unverified-accounts.ts';

type Dependencies = Readonly<{
  accounts: UnverifiedAccounts;
  eraseUser: EraseUser;
  ids: Pick<IdGenerator, 'eventId'>;
  clock: Clock;
}>;

const KEPT_SECONDS = 30 * 24 * 60 * 60;

/** Erases pending accounts that were not verified within thirty days. @returns their number */
export const createEraseUnverifiedAccounts = ({
  accounts,
  eraseUser,
  ids,
  clock,
}: Dependencies) => {
  const eraseOne = async (userId: string, context: RequestContext): Promise<boolean> => {
    try {
      return await eraseUser({ userId, granted: 'unverified' }, context);
    } catch (error) {
      // A table of the application refers to the user.
      if (error instanceof ApplicationError && error.code === 'user_in_use') return false;
      throw error;
    }
  };

  return async (): Promise<number> => {
    const before = plusSeconds(clock.now(), -KEPT_SECONDS);
    const client = { ip: '', userAgent: 'latchkey cleanup' };
    const context = { correlationId: ids.eventId(), actor: 'system', client };
    let erased = 0;
    for (const userId of await accounts.registeredBefore(before)) {
      if (await eraseOne(userId, context)) erased += 1;
    }
    return erased;
  };
};
