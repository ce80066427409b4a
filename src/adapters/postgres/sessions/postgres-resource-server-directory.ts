import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { ResourceServerDirectory } from '../../ports/resource-server-directory.ts';
import type { Database } from '../connection/connection.ts';

const SECRET_BYTES = 32;
/** Other text is not sent to the database, which would reject some of it. */
const ID = /^rs_[0-9a-z]{26}$/;

type Row = Readonly<{ id: string; name: string; created_at: string }>;

const ADD = {
  name: 'add_resource_server',
  text: `INSERT INTO resource_servers (id, name, secret_hash) VALUES ($1, $2, $3)
    ON CONFLICT (name) DO NOTHING RETURNING id`,
};

const LIST = {
  name: 'list_resource_servers',
  text: 'SELECT id, name, created_at FROM resource_servers ORDER BY created_at, id',
};

const REMOVE = {
  name: 'remove_resource_server',
  text: 'DELETE FROM resource_servers WHERE id = $1 RETURNING id',
};

const FIND_SECRET = {
  name: 'find_resource_server_secret',
  text: 'SELECT secret_hash FROM resource_servers WHERE id = $1',
};

const hashOf = (secret: string): Buffer => createHash('sha256').update(secret).digest();

/** Keeps resource servers and the hashes of their secrets in the table `resource_servers`. */
export const createPostgresResourceServerDirectory = (
  database: Database,
): ResourceServerDirectory => ({
  add: async ({ id, name }) => {
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    const values = [id, name, hashOf(secret).toString('hex')];
    const added = await database.query({ ...ADD, values });
    if (added.length === 0) throw new ApplicationError('resource_server_exists');
    return secret;
  },

  list: async () => {
    const rows = await database.query<Row>(LIST);
    return rows.map(({ id, name, created_at }) => ({ id, name, createdAt: created_at }));
  },

  remove: async (id) => {
    const removed = ID.test(id) ? await database.query({ ...REMOVE, values: [id] }) : [];
    if (removed.length === 0) throw new ApplicationError('resource_server_not_found');
  },

  recognises: async (id, secret) => {
    if (!ID.test(id)) return false;
    const [row] = await database.query<{ secret_hash: string }>({ ...FIND_SECRET, values: [id] });
    return (
      row !== undefined && timingSafeEqual(Buffer.from(row.secret_hash, 'hex'), hashOf(secret))
    );
  },
});
