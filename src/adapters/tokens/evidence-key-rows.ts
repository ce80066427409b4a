import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EvidenceKey } from '../../application/auditing/evidence/evidence-signer.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Database } from '../postgres/connection/connection.ts';
import { withThumbprint } from './evidence-key-pair.ts';

/** A key that has signed evidence, and the time when it first did. */
export type RememberedKey = Readonly<{ key: EvidenceKey; firstUsedAt: Instant }>;

type Row = Readonly<{
  kid: string;
  /** Any JSON: an attacker may have written to the table. */
  public_jwk: Readonly<{ x?: unknown }> | null;
  first_used_at: Instant;
  seal: string;
}>;

type Dependencies = Readonly<{
  database: Database;
  /**
   * 32 bytes each, the current one first. Without them, write access to the table cannot add a key.
   */
  sealingKeys: readonly [current: Uint8Array, ...earlier: Uint8Array[]];
}>;

const sealOf = (key: Uint8Array, kid: string, x: string, firstUsedAt: Instant): string =>
  createHmac('sha256', key).update(`${kid}\n${x}\n${firstUsedAt}`).digest('hex');

const isSame = (seal: string, other: string): boolean => {
  const [bytes, others] = [Buffer.from(seal), Buffer.from(other)];
  return bytes.length === others.length && timingSafeEqual(bytes, others);
};

/** The stored evidence keys; see `createEvidenceKeyRows`. */
export type EvidenceKeyRows = ReturnType<typeof createEvidenceKeyRows>;

/** Keeps the public keys that ever signed evidence in the table `evidence_keys`. */
export const createEvidenceKeyRows = ({ database, sealingKeys }: Dependencies) => {
  const [current] = sealingKeys;

  /** Verifies a row's seal; undefined when none of the master keys has made it. */
  const open = async (row: Row): Promise<RememberedKey | undefined> => {
    const { kid, public_jwk: jwk, first_used_at: firstUsedAt, seal } = row;
    if (typeof jwk?.x !== 'string') return undefined;
    const { x } = jwk;
    if (!sealingKeys.some((key) => isSame(seal, sealOf(key, kid, x, firstUsedAt)))) {
      return undefined;
    }
    return { key: await withThumbprint(x), firstUsedAt };
  };

  const list = async (): Promise<readonly RememberedKey[]> => {
    const rows = await database.query<Row>({
      text: 'SELECT kid, public_jwk, first_used_at, seal FROM evidence_keys ORDER BY first_used_at',
    });
    const opened = await Promise.all(rows.map(open));
    return opened.filter((known) => known !== undefined);
  };

  const seal = ({ key, firstUsedAt }: RememberedKey): string =>
    sealOf(current, key.kid, key.x, firstUsedAt);

  return {
    list,

    /** Stores a key unless it is known, and renews seals that an earlier master key made. */
    remember: async (key: EvidenceKey, now: Instant): Promise<void> => {
      const { kty, crv, x, kid } = key;
      const values = [kid, JSON.stringify({ kty, crv, x }), now, seal({ key, firstUsedAt: now })];
      await database.query({
        text: `INSERT INTO evidence_keys (kid, public_jwk, first_used_at, seal)
          VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
        values,
      });
      for (const known of await list()) {
        await database.query({
          text: 'UPDATE evidence_keys SET seal = $2 WHERE kid = $1 AND seal <> $2',
          values: [known.key.kid, seal(known)],
        });
      }
    },
  };
};
