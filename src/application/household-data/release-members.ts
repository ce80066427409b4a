/**
 * Prepares the end of a membership, or without `userId` of all: where more rows name the member than
 * the foreign key could empty in good time, those beyond are emptied before, a batch at a time. Deletes
 * nothing, and what is written meanwhile stays.
 */
export type ReleaseMembers = (householdId: string, userId?: string) => Promise<void>;
