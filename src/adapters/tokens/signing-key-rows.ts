import type { JWK } from 'jose';
import type { Instant } from '../../domain/instant.ts';
import type { Queryable } from '../postgres/connection/connection.ts';
import type { PrivateKeyCipher } from './private-key-cipher.ts';
import {
  type SigningAlgorithm,
  type SigningKey,
  type SigningKeyStatus,
  signingAlgorithms,
} from './signing-key.ts';
import type { GeneratedSigningKey } from './signing-key-generator.ts';

/** A row of `signing_keys`. A retired key has no private key: `encrypted_private_jwk` is empty. */
export type SigningKeyRow = Readonly<{
  kid: string;
  algorithm: string;
  status: SigningKeyStatus;
  public_jwk: JWK;
  encrypted_private_jwk: string;
  created_at: Instant;
  activated_at: Instant | null;
  retired_at: Instant | null;
}>;

const parseAlgorithm = (text: string): SigningAlgorithm => {
  const algorithm = signingAlgorithms.find((known) => known === text);
  if (!algorithm) throw new Error(`signing_keys holds a key of the unknown algorithm ${text}`);
  return algorithm;
};

/** Converts a row to a public key. @throws Error for an unknown algorithm */
export const toSigningKey = (row: SigningKeyRow): SigningKey => ({
  kid: row.kid,
  algorithm: parseAlgorithm(row.algorithm),
  status: row.status,
  publicJwk: row.public_jwk,
  createdAt: row.created_at,
  activatedAt: row.activated_at,
  retiredAt: row.retired_at,
});

/** Reads all keys, newest first. */
export const selectSigningKeys = (connection: Queryable): Promise<readonly SigningKeyRow[]> =>
  connection.query<SigningKeyRow>({
    text: `SELECT kid, algorithm, status, public_jwk, encrypted_private_jwk,
                  created_at, activated_at, retired_at
           FROM signing_keys ORDER BY created_at DESC, kid`,
  });

/** Prevents other processes from changing the keys until the end of the transaction. */
export const lockSigningKeys = async (connection: Queryable): Promise<void> => {
  await connection.query({
    text: `SELECT pg_advisory_xact_lock(hashtextextended('latchkey/signing-keys', 0))`,
  });
};

/** Inserts a key with the status `next`, its private key encrypted. */
export const insertNextKey = async (
  connection: Queryable,
  cipher: PrivateKeyCipher,
  { kid, algorithm, publicJwk, privateJwk }: GeneratedSigningKey,
  now: Instant,
): Promise<void> => {
  const sealed = cipher.seal(kid, JSON.stringify(privateJwk));
  await connection.query({
    text: `INSERT INTO signing_keys
             (kid, algorithm, status, public_jwk, encrypted_private_jwk, created_at)
           VALUES ($1, $2, 'next', $3, $4, $5)`,
    values: [kid, algorithm, JSON.stringify(publicJwk), sealed, now],
  });
};

/** Retires the active key, which deletes its private key, and activates the next one. */
export const activateNextKey = async (connection: Queryable, now: Instant): Promise<void> => {
  await connection.query({
    text: `UPDATE signing_keys
           SET status = 'retired', retired_at = $1, encrypted_private_jwk = ''
           WHERE status = 'active'`,
    values: [now],
  });
  await connection.query({
    text: `UPDATE signing_keys SET status = 'active', activated_at = $1 WHERE status = 'next'`,
    values: [now],
  });
};
