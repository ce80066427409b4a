/** Fresh identifiers and salts. TypeIDs over UUIDv7 sort by the time they were made. */
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
  /** UUIDv7, plain: it is the `token_family` column. */
  familyId(): string;
  /** UUIDv7. */
  eventId(): string;
  /** 16 random bytes, lower-case hex. */
  salt(): string;
}>;
