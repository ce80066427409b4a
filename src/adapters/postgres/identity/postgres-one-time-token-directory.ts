import type { OneTimeTokenDirectory } from '../../../application/identity/one-time-token-directory.ts';
import type { OneTimeTokenType } from '../../../domain/one-time-token.ts';
import type { Database } from '../connection/connection.ts';

type TokenRow = Readonly<{ user_id: string; type: OneTimeTokenType }>;

const FIND = {
  name: 'find_one_time_token',
  text: 'SELECT user_id, type FROM tokens WHERE token_hash = $1',
};

/** Finds the user of a one-time token. */
export const createPostgresOneTimeTokenDirectory = (database: Database): OneTimeTokenDirectory => ({
  find: async (tokenHash) => {
    const [row] = await database.query<TokenRow>({ ...FIND, values: [tokenHash] });
    return row && { userId: row.user_id, type: row.type };
  },
});
