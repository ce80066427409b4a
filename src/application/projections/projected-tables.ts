import type { ProjectedTableName } from './row-change.ts';

/** A projected table, with the rules by which its rows are addressed, compared and cleaned up. */
export type ProjectedTable = Readonly<{
  name: ProjectedTableName;
  key: readonly string[];
  /** Column sets besides the key by which a change may address rows. */
  lookups: readonly (readonly string[])[];
  /** The columns that events write, key included; a rebuild compares and repairs them. */
  columns: readonly string[];
  /**
   * The condition under which a row is obsolete at `$now`. `cleanup` deletes obsolete rows, and a
   * rebuild ignores them. Once true, it must remain true.
   */
  obsolete: string | null;
  /**
   * The column with the time, and the interval after it, at which a row becomes obsolete. A fold of
   * the log drops such rows; null where an `update` may set the column.
   */
  expiry: Readonly<{ column: string; after: string }> | null;
  /**
   * The way in which a rebuild repairs a row: `replace`, or `update` where foreign keys reference
   * it. An update first empties nullable unique columns, as two rows may have swapped their values.
   */
  repair: 'replace' | Readonly<{ update: true; emptyFirst: readonly string[] }>;
  /** The column with a row's user, where rows are deleted with the user and none is added later. */
  deletedWith: 'user_id' | null;
  /** Columns with confidential values: a report shows only that they differ. */
  confidential: readonly string[];
}>;

/** The projected tables, referenced ones first, so that rows can be written in this order. */
export const projectedTables: readonly ProjectedTable[] = [
  {
    name: 'users',
    key: ['id'],
    lookups: [['household_id']],
    columns: [
      'id',
      'username',
      'email',
      'email_verified_at',
      'password_hash',
      'display_name',
      'household_id',
      'role',
      'tier',
      'is_active',
      'locked_until',
      'locale',
      'pending_email',
      'created_at',
      'updated_at',
    ],
    obsolete: null,
    expiry: null,
    repair: { update: true, emptyFirst: ['username', 'email'] },
    deletedWith: null,
    confidential: ['username', 'email', 'password_hash', 'display_name', 'pending_email'],
  },
  {
    name: 'households',
    key: ['id'],
    lookups: [],
    columns: ['id', 'name', 'owner_id', 'created_at', 'updated_at'],
    obsolete: null,
    expiry: null,
    repair: { update: true, emptyFirst: [] },
    deletedWith: null,
    confidential: ['name'],
  },
  {
    name: 'household_members',
    key: ['household_id', 'user_id'],
    lookups: [['household_id']],
    columns: ['household_id', 'user_id', 'role', 'joined_at'],
    obsolete: null,
    expiry: null,
    repair: { update: true, emptyFirst: [] },
    deletedWith: 'user_id',
    confidential: [],
  },
  {
    name: 'household_invitations',
    key: ['id'],
    lookups: [['household_id']],
    columns: [
      'id',
      'household_id',
      'address_hash',
      'role',
      'invited_by',
      'token_hash',
      'created_at',
      'expires_at',
    ],
    // Kept an hour after its expiry, in case a clock moves back.
    obsolete: "expires_at < $now - interval '1 hour'",
    // Sending an invitation again extends it.
    expiry: null,
    repair: 'replace',
    deletedWith: null,
    confidential: ['address_hash', 'token_hash'],
  },
  {
    name: 'identifier_claims',
    key: ['kind', 'value'],
    lookups: [['user_id']],
    columns: ['kind', 'value', 'user_id', 'expires_at', 'held_until'],
    // Either not yet confirmed by an event, and so the registry's, or no longer reserved.
    obsolete: 'expires_at IS NOT NULL OR held_until < $now',
    expiry: { column: 'held_until', after: '0' },
    repair: 'replace',
    deletedWith: null,
    confidential: ['value'],
  },
  {
    name: 'sessions',
    key: ['id'],
    lookups: [],
    columns: [
      'id',
      'user_id',
      'household_id',
      'device_name',
      'ip',
      'user_agent',
      'created_at',
      'last_used_at',
      'expires_at',
      'revoked_at',
      'revoked_reason',
    ],
    obsolete: "expires_at < $now - interval '30 days'",
    // A refresh extends a session.
    expiry: null,
    repair: 'replace',
    deletedWith: 'user_id',
    confidential: ['device_name', 'ip', 'user_agent'],
  },
  {
    name: 'refresh_tokens',
    key: ['id'],
    lookups: [['token_family']],
    columns: [
      'id',
      'user_id',
      'household_id',
      'token_hash',
      'token_family',
      'generation',
      'issued_at',
      'expires_at',
      'rotated_at',
      'revoked_at',
      'revoked_reason',
    ],
    obsolete: "expires_at < $now - interval '30 days'",
    expiry: { column: 'expires_at', after: '30 days' },
    repair: 'replace',
    deletedWith: 'user_id',
    confidential: ['token_hash'],
  },
  {
    name: 'revoked_tokens',
    key: ['jti'],
    lookups: [],
    columns: ['jti', 'user_id', 'revoked_at', 'expires_at'],
    // Kept an hour after its expiry, in case a clock moves back.
    obsolete: "expires_at < $now - interval '1 hour'",
    expiry: { column: 'expires_at', after: '1 hour' },
    repair: 'replace',
    deletedWith: null,
    confidential: [],
  },
  {
    name: 'tokens',
    key: ['user_id', 'type', 'number'],
    lookups: [],
    columns: ['user_id', 'type', 'number', 'token_hash', 'created_at', 'expires_at'],
    // Kept an hour after its expiry, in case a clock moves back.
    obsolete: "expires_at < $now - interval '1 hour'",
    expiry: { column: 'expires_at', after: '1 hour' },
    repair: 'replace',
    deletedWith: 'user_id',
    confidential: ['token_hash'],
  },
];

/** Returns a projected table by name. @throws TypeError for any other name */
export const projectedTable = (name: ProjectedTableName): ProjectedTable => {
  const table = projectedTables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new TypeError(`${name} is not a projected table`);
  return table;
};
