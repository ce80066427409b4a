/** Generates identifiers and salts. TypeIDs over UUIDv7 sort by the time of their generation. */
export type IdGenerator = Readonly<{
  /** `user_…` */
  userId(): string;
  /** `hh_…` */
  householdId(): string;
  /** `inv_…` */
  invitationId(): string;
  /** `<prefix>_…`, for rows of household-scoped tables. */
  recordId(prefix: string): string;
  /** `rs_…` */
  resourceServerId(): string;
  /** UUIDv7 without a prefix, as the column `token_family` stores it. */
  familyId(): string;
  /** UUIDv7. */
  eventId(): string;
  /** 16 random bytes, lower-case hex. */
  salt(): string;
}>;
