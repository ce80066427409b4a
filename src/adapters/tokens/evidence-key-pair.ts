import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint } from 'jose';
import type { EvidenceKey } from '../../application/auditing/evidence/evidence-signer.ts';

/** An Ed25519 private key in PKCS #8 (RFC 8410, 7) is this prefix and the 32 bytes of its seed. */
const PKCS8_BEFORE_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A key pair that signs evidence. */
export type EvidenceKeyPair = Readonly<{ publicKey: EvidenceKey; privateKey: KeyObject }>;

/** Builds a public key from `x`. Its id is computed, never taken from an untrusted source. */
export const withThumbprint = async (x: string): Promise<EvidenceKey> => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
  return { ...jwk, kid: await calculateJwkThumbprint(jwk), alg: 'EdDSA', use: 'sig' };
};

/** Derives a key pair; the same seed always yields the same pair. @param seed 32 bytes */
export const deriveEvidenceKeyPair = async (seed: Uint8Array): Promise<EvidenceKeyPair> => {
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_BEFORE_SEED, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  const { x = '' } = createPublicKey(privateKey).export({ format: 'jwk' });
  return { publicKey: await withThumbprint(x), privateKey };
};
