import { cutPage } from '../kernel/cut-page.ts';
import type { HouseholdDirectory, MemberPlace, MemberSummary } from './household-directory.ts';
import type { ReadHousehold } from './read-household.ts';

type Dependencies = Readonly<{ households: HouseholdDirectory; readHousehold: ReadHousehold }>;

type Input = Readonly<{
  householdId: string;
  userId: string;
  after: MemberPlace | undefined;
  limit: number;
}>;

export type ListMembers = ReturnType<typeof createListMembers>;

/** Lists the members of a household for a member. @throws DomainError `household_not_found` */
export const createListMembers =
  ({ households, readHousehold }: Dependencies) =>
  async ({
    householdId,
    userId,
    after,
    limit,
  }: Input): Promise<
    Readonly<{ members: readonly MemberSummary[]; next: MemberPlace | undefined }>
  > => {
    await readHousehold(householdId, userId);
    const found = await households.listMembers(householdId, { after, limit: limit + 1 });
    const { items, last } = cutPage(found, limit);
    return {
      members: items,
      next: last && { joinedAt: last.joinedAt, userId: last.userId },
    };
  };
