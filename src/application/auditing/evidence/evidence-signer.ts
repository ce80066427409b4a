import type { Instant } from '../../../domain/instant.ts';

/** `typ` of a signature (RFC 7515, 4.1.9): what is signed as one thing is never taken for another. */
export type EvidenceType = 'latchkey-theft-report+jws' | 'latchkey-checkpoint+jws';

/** The public side of a key that signs evidence (RFC 8037, 2). `kid` is its JWK thumbprint (RFC 7638). */
export type EvidenceKey = Readonly<{
  kty: 'OKP';
  crv: 'Ed25519';
  /** 32 bytes, base64url. */
  x: string;
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
}>;

/** `malformed`: no compact JWS of ours at all. */
export type EvidenceRefusal = 'malformed' | 'wrong_type' | 'unknown_key' | 'bad_signature';

/** `iat` in seconds since the epoch, `iss` the public URL at that time. */
export type EvidencePayload = Readonly<Record<string, unknown> & { iat: number; iss: string }>;

/** Nothing of the payload is told unless the signature holds. */
export type VerifiedEvidence =
  | Readonly<{
      verified: true;
      payload: EvidencePayload;
      kid: string;
      /** When the key first signed anything here; null: this database does not remember. */
      knownSince: Instant | null;
      /** Whether it is the key that signs today. */
      current: boolean;
    }>
  | Readonly<{ verified: false; reason: EvidenceRefusal }>;

/**
 * Signs what is to be believed later, away from this database. The key follows from the master key, so
 * it needs no place of its own; the public sides of earlier ones are remembered.
 */
export type EvidenceSigner = Readonly<{
  /** A compact JWS (EdDSA); `iat` and `iss` are added to the payload. */
  sign(type: EvidenceType, payload: Readonly<Record<string, unknown>>): Promise<string>;

  /** `trusted`: believe this key and no other, whatever this installation knows. */
  verify(type: EvidenceType, jws: string, trusted?: EvidenceKey): Promise<VerifiedEvidence>;

  /** The key that signs today, remembered from now on. */
  publicKey(): Promise<EvidenceKey>;
}>;
