import type { Instant } from '../../domain/instant.ts';
import { householdAggregate, userAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { StreamAppend } from '../kernel/event-store.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { ImportableUser } from './parse-import-line.ts';

type Dependencies = Readonly<{ commands: CommandHandler; ids: IdGenerator }>;

export type PrepareImportedAccount = ReturnType<typeof createPrepareImportedAccount>;

/** Decides an imported account and its default household, which must be stored in one append. */
export const createPrepareImportedAccount =
  ({ commands, ids }: Dependencies) =>
  (
    user: ImportableUser,
    source: string,
    now: Instant,
    context: RequestContext,
  ): readonly StreamAppend[] => {
    const { line: _, userId, givenId, checksum, householdName, ...account } = user;
    const householdId = ids.householdId();
    const provenance = { source, id: givenId ?? '', checksum };
    const createdAt = account.createdAt ?? now;
    const imported = commands.begin(
      userAggregate,
      userId,
      { type: 'ImportUser', data: { ...account, householdId, provenance, createdAt, now } },
      context,
    );
    const household = commands.begin(
      householdAggregate,
      householdId,
      { type: 'CreateHousehold', data: { name: householdName, ownerId: userId, home: true, now } },
      context,
    );
    return [imported.append, household.append];
  };
