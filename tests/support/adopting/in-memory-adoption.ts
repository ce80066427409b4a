import type {
  AdoptableDatabase,
  DatabaseSurvey,
} from '../../../src/application/adopting/adoptable-database.ts';
import type { AdoptionOptions } from '../../../src/application/adopting/adoption-plan.ts';
import type {
  FoundColumn,
  FoundDatabase,
  FoundTable,
} from '../../../src/application/adopting/found-database.ts';
import { createReadOldUser, type OldUser } from '../../../src/application/adopting/old-user.ts';

const column = (name: string, type: string): FoundColumn => ({
  name,
  type,
  notNull: name === 'id',
  notNullName: null,
  hasDefault: false,
  generated: false,
});

/** A plain table with a primary key on `id`. */
export const foundTable = (
  name: string,
  columns: Readonly<Record<string, string>>,
): FoundTable => ({
  name,
  kind: 'r',
  rowSecurity: false,
  inherits: false,
  hasRules: false,
  columns: Object.entries(columns).map(([each, type]) => column(each, type)),
  constraints: [
    {
      name: `${name}_pkey`,
      kind: 'p',
      columns: ['id'],
      definition: 'PRIMARY KEY (id)',
      comment: null,
      referencedTable: null,
      referencedColumns: [],
      indexDefinition: `CREATE UNIQUE INDEX ${name}_pkey ON ${name} USING btree (id)`,
      clustered: false,
      heldByView: false,
    },
  ],
  indexes: [],
  triggers: [],
});

export const usersTable = foundTable('users', {
  id: 'character varying(36)',
  email: 'text',
  password_hash: 'text',
  is_admin: 'boolean',
  created_at: 'timestamp with time zone',
});

export const foundDatabase = (...tables: readonly FoundTable[]): FoundDatabase => ({
  tables,
  relations: tables.map(({ name }) => ({ name, kind: 'r', open: false })),
  views: [],
});

export const options: AdoptionOptions = {
  tables: [],
  allTables: false,
  households: 'per-user',
  owner: null,
  map: {},
};

/** A row of the old table with an id only, unless more is given. */
export const oldUser = (id: string, more: Partial<OldUser> = {}): OldUser => ({
  id,
  email: null,
  username: null,
  password_hash: null,
  display_name: null,
  role: null,
  is_active: null,
  email_verified: null,
  created_at: null,
  ...more,
});

export const schemeOf = (hash: string): string | undefined =>
  hash.startsWith('$2b$') ? 'bcrypt' : undefined;

export const readOldUser = createReadOldUser({
  schemeOf,
  checksumOf: (canonical) => `sum of ${canonical}`,
});

type Contents = Readonly<{
  users?: readonly OldUser[];
  /** Rows by table. */
  rows?: Readonly<Record<string, number>>;
  /** Rows without a user by table. */
  withoutUser?: Readonly<Record<string, number>>;
}>;

/** A survey of a database in memory. */
export const surveyOf = (
  found: FoundDatabase,
  { users = [], rows = {}, withoutUser = {} }: Contents = {},
): DatabaseSurvey & Pick<AdoptableDatabase, 'userIds'> => ({
  found,
  countRows: async (table) => rows[table] ?? 0,
  countRowsWithoutUser: async ({ table }) => withoutUser[table] ?? 0,
  oldUsers: async function* () {
    yield* users;
  },
  currentUsers: async () => [],
  newUserIds: async () => [],
  userIds: async function* () {
    yield users.map(({ id }) => id);
  },
});
