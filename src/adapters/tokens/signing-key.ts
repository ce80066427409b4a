import type { JWK } from 'jose';
import type { Instant } from '../../domain/instant.ts';

/** The supported algorithms of access tokens. */
export const signingAlgorithms = ['ES256', 'EdDSA', 'RS256'] as const;

/** `alg` of a signature (RFC 7518, 3.1); EdDSA is always Ed25519 (RFC 8037, 3.1). */
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/**
 * A `next` key is published but does not sign yet, the `active` one signs, a `retired` one only
 * verifies.
 */
export type SigningKeyStatus = 'next' | 'active' | 'retired';

/** A public signing key. `kid` is its JWK thumbprint (RFC 7638, SHA-256). */
export type SigningKey = Readonly<{
  kid: string;
  algorithm: SigningAlgorithm;
  status: SigningKeyStatus;
  publicJwk: JWK;
  createdAt: Instant;
  activatedAt: Instant | null;
  retiredAt: Instant | null;
}>;

/** The keys of a process: all published keys, and the private key of the active one. */
export type LoadedSigningKeys = Readonly<{
  published: readonly SigningKey[];
  active: Readonly<{ kid: string; algorithm: SigningAlgorithm; privateJwk: JWK }>;
}>;
