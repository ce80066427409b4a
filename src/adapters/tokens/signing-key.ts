import type { JWK } from 'jose';
import type { Instant } from '../../domain/instant.ts';

export const signingAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const;

/** `alg` of a signature (RFC 7518, 3.1; RFC 8037, 3.1, always Ed25519). */
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** `next` is published and signs nothing yet, `active` signs, `retired` only verifies. */
export type SigningKeyStatus = 'next' | 'active' | 'retired';

/** The public side of a key. `kid` is its JWK thumbprint (RFC 7638, SHA-256). */
export type SigningKey = Readonly<{
  kid: string;
  algorithm: SigningAlgorithm;
  status: SigningKeyStatus;
  publicJwk: JWK;
  createdAt: Instant;
  activatedAt: Instant | null;
  retiredAt: Instant | null;
}>;

/** What a process works with: every published key, and the private side of the active one. */
export type LoadedSigningKeys = Readonly<{
  published: readonly SigningKey[];
  active: Readonly<{ kid: string; algorithm: SigningAlgorithm; privateJwk: JWK }>;
}>;
