/**
 * Prepares the end of one membership, or without `userId` of all. Sets references to the member to
 * null in batches where the foreign key would update too many rows at once. Deletes no row; rows
 * that are written meanwhile keep their references.
 */
export type ReleaseMembers = (householdId: string, userId?: string) => Promise<void>;
