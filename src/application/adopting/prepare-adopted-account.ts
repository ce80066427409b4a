import type { PrepareImportedAccount } from '../importing/prepare-imported-account.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { DEFAULT_HOUSEHOLD_ID } from './adoption-plan.ts';

type Dependencies = Readonly<{ commands: CommandHandler }>;

/**
 * Prepares an old account with the shared household as its default; the append is not stored yet.
 */
export const createPrepareAdoptedAccount =
  ({ commands }: Dependencies): PrepareImportedAccount =>
  (user, source, now, context) => {
    const { line: _, userId, givenId, checksum, householdName: __, ...account } = user;
    const provenance = { source, id: givenId ?? '', checksum };
    const createdAt = account.createdAt ?? now;
    const data = { ...account, householdId: DEFAULT_HOUSEHOLD_ID, provenance, createdAt, now };
    const imported = commands.begin(userAggregate, userId, { type: 'ImportUser', data }, context);
    return [imported.append];
  };
