/**
 * Lets go of rows in small transactions, before a household or a member goes: what the foreign keys
 * would do in one statement could take longer than a statement may.
 */
export type HouseholdDataRelease = Readonly<{
  /** No row names the member any more, but for those that are written meanwhile. */
  ofMember(householdId: string, userId: string): Promise<void>;
  /** The household has no rows any more, but for those that are written meanwhile. */
  ofHousehold(householdId: string): Promise<void>;
}>;
