import type { Instant } from '../../../domain/instant.ts';

/** `typ` of a signature (RFC 7515, 4.1.9): evidence of one type is never accepted as another. */
export type EvidenceType = 'latchkey-theft-report+jws' | 'latchkey-checkpoint+jws';

/**
 * The public side of a key that signs evidence (RFC 8037, 2). `kid` is its JWK thumbprint (RFC
 * 7638).
 */
export type EvidenceKey = Readonly<{
  kty: 'OKP';
  crv: 'Ed25519';
  /** 32 bytes, base64url. */
  x: string;
  kid: string;
  alg: 'EdDSA';
  use: 'sig';
}>;

/** `malformed`: not a compact JWS of this service. */
export type EvidenceRefusal = 'malformed' | 'wrong_type' | 'unknown_key' | 'bad_signature';

/** `iat` in seconds since the epoch, `iss` the public URL at that time. */
export type EvidencePayload = Readonly<Record<string, unknown> & { iat: number; iss: string }>;

/** The payload is available only if the signature is valid. */
export type VerifiedEvidence =
  | Readonly<{
      verified: true;
      payload: EvidencePayload;
      kid: string;
      /** When the key first signed here; null if this database has no record of it. */
      knownSince: Instant | null;
      /** Whether it is the key in use now. */
      current: boolean;
    }>
  | Readonly<{ verified: false; reason: EvidenceRefusal }>;

/**
 * Signs evidence that can be verified later, without this database. The key is derived from the
 * master key and not stored; the public keys of earlier ones are kept.
 */
export type EvidenceSigner = Readonly<{
  /** A compact JWS (EdDSA); `iat` and `iss` are added to the payload. */
  sign(type: EvidenceType, payload: Readonly<Record<string, unknown>>): Promise<string>;

  /** `trusted`: the only key to accept, whichever this installation knows. */
  verify(type: EvidenceType, jws: string, trusted?: EvidenceKey): Promise<VerifiedEvidence>;

  /** The key in use now, whose public key is kept from now on. */
  publicKey(): Promise<EvidenceKey>;
}>;
