import type { ProjectedTableName } from './row-change.ts';

/** Describes how the rows of a projected table are found, compared and cleaned up. */
export type ProjectedTable = Readonly<{
  name: ProjectedTableName;
  key: readonly string[];
  /** Other column sets that a change may address rows by. */
  lookups: readonly (readonly string[])[];
  /** The columns events write, the key included: what a rebuild restores and compares. */
  columns: readonly string[];
  /**
   * Condition on a row nobody needs any more, given `$now`: `cleanup` deletes such rows, and a
   * rebuild neither restores nor misses them. Once true it must stay true.
   */
  obsolete: string | null;
  /**
   * The time in a row that makes it obsolete, and how long after it: where no `update` ever sets that
   * column, a fold of the log need not keep such a row at all.
   */
  expiry: Readonly<{ column: string; after: string }> | null;
  /**
   * How a rebuild mends a row: `replace` it, or `update` it where foreign keys point at it. Updating
   * first empties the nullable unique columns: two rows may have swapped their values.
   */
  repair: 'replace' | Readonly<{ update: true; emptyFirst: readonly string[] }>;
  /** The column that names a row's user, where the row goes with the user and none comes any more. */
  deletedWith: 'user_id' | null;
  /** Columns whose values are nobody's business: a report says only that they differ. */
  confidential: readonly string[];
}>;

/** Parents before children, so that foreign keys hold while rows are written in this order. */
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
    // Refused since it expired; an hour longer in case a clock moves back.
    obsolete: "expires_at < $now - interval '1 hour'",
    // Sent again, it expires later.
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
    // Claims that no event confirms: the registry's own, or no longer held.
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
    // The next refresh prolongs it.
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
    // An hour longer than needed, so that a clock that moves back brings nothing to life.
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
    // Refused since it expired; an hour longer in case a clock moves back.
    obsolete: "expires_at < $now - interval '1 hour'",
    expiry: { column: 'expires_at', after: '1 hour' },
    repair: 'replace',
    deletedWith: 'user_id',
    confidential: ['token_hash'],
  },
];

export const projectedTable = (name: ProjectedTableName): ProjectedTable => {
  const table = projectedTables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new TypeError(`${name} is not a projected table`);
  return table;
};
