import type { JWK } from 'jose';
import type { Clock } from '../../application/kernel/clock.ts';
import type { Instant } from '../../domain/instant.ts';
import type { KeyRing } from '../ports/key-ring.ts';
import type { Database, Queryable } from '../postgres/connection/connection.ts';
import { createPrivateKeyCipher } from './private-key-cipher.ts';
import type { LoadedSigningKeys, SigningAlgorithm, SigningKey } from './signing-key.ts';
import { generateSigningKey } from './signing-key-generator.ts';
import {
  activateNextKey,
  insertNextKey,
  lockSigningKeys,
  selectSigningKeys,
  toSigningKey,
} from './signing-key-rows.ts';

type Dependencies = Readonly<{
  database: Database;
  /** Encrypt the private keys. */
  keys: KeyRing;
  /** The algorithm of new keys; existing keys keep theirs. */
  algorithm: SigningAlgorithm;
  clock: Clock;
}>;

/**
 * The keys that sign access tokens, in the table `signing_keys`: one active, one next, and retired
 * ones for as long as their tokens may be valid. A key is always published before it signs.
 * @throws ApplicationError `service_unavailable` from every method while the database is
 * unavailable
 */
export type SigningKeyStore = Readonly<{
  /**
   * Creates missing keys, replaces a next key whose algorithm is not the configured one, and
   * encrypts keys of an older master key again. Safe when several processes start at once.
   * @throws Error when a private key cannot be decrypted because its master key is missing
   */
  ensureKeys(): Promise<void>;
  /** Lists all keys, newest first, without private keys. */
  list(): Promise<readonly SigningKey[]>;
  /**
   * Loads the keys of a process. @throws Error when there is no active key, or it cannot be
   * decrypted
   */
  load(): Promise<LoadedSigningKeys>;
  /** Retires the active key, activates the next one, and publishes a new next key. */
  rotate(): Promise<void>;
  /**
   * Removes keys retired before `before`; tokens that they signed become invalid. `before` should
   * be the lifetime of an access token and a minute ago: a process signs with a retired key until
   * it reloads the keys. @returns the `kid`s removed
   */
  prune(before: Instant): Promise<readonly string[]>;
}>;

/** Creates the store of signing keys; private keys are encrypted under `keys`. */
export const createSigningKeyStore = ({
  database,
  keys,
  algorithm,
  clock,
}: Dependencies): SigningKeyStore => {
  const cipher = createPrivateKeyCipher(keys);

  const changeKeys = (work: (connection: Queryable) => Promise<void>): Promise<void> =>
    database.transaction(async (connection) => {
      await lockSigningKeys(connection);
      await work(connection);
    });

  const has = async (connection: Queryable, status: 'next' | 'active'): Promise<boolean> =>
    (await selectSigningKeys(connection)).some((row) => row.status === status);

  const publishNext = async (connection: Queryable): Promise<void> => {
    if (await has(connection, 'next')) return;
    await insertNextKey(connection, cipher, await generateSigningKey(algorithm), clock.now());
  };

  const resealOutdated = async (connection: Queryable): Promise<void> => {
    for (const row of await selectSigningKeys(connection)) {
      if (row.status === 'retired') continue;
      const { privateKey, outdated } = cipher.open(row.kid, row.encrypted_private_jwk);
      if (!outdated) continue;
      await connection.query({
        text: 'UPDATE signing_keys SET encrypted_private_jwk = $2 WHERE kid = $1',
        values: [row.kid, cipher.seal(row.kid, privateKey)],
      });
    }
  };

  return {
    ensureKeys: () =>
      changeKeys(async (connection) => {
        await resealOutdated(connection);
        // A next key has not signed yet and can be deleted.
        await connection.query({
          text: `DELETE FROM signing_keys WHERE status = 'next' AND algorithm <> $1`,
          values: [algorithm],
        });
        await publishNext(connection);
        if (await has(connection, 'active')) return;
        await activateNextKey(connection, clock.now());
        await publishNext(connection);
      }),

    list: async () => (await selectSigningKeys(database)).map(toSigningKey),

    load: async () => {
      const rows = await selectSigningKeys(database);
      const active = rows.find((row) => row.status === 'active');
      if (!active) throw new Error('signing_keys holds no active key');
      const { privateKey } = cipher.open(active.kid, active.encrypted_private_jwk);
      const privateJwk: JWK = JSON.parse(privateKey);
      const { kid, algorithm } = toSigningKey(active);
      return { published: rows.map(toSigningKey), active: { kid, algorithm, privateJwk } };
    },

    rotate: () =>
      changeKeys(async (connection) => {
        await publishNext(connection);
        await activateNextKey(connection, clock.now());
        await publishNext(connection);
      }),

    prune: async (before) => {
      const removed = await database.query<{ kid: string }>({
        text: `DELETE FROM signing_keys WHERE status = 'retired' AND retired_at < $1 RETURNING kid`,
        values: [before],
      });
      return removed.map(({ kid }) => kid);
    },
  };
};
