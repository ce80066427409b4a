import type { EvidenceKey } from './evidence-signer.ts';

/** 32 bytes in base64url, in which the last two bits of the last character are zero. */
const X = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Parses the output of `audit key --json`; undefined if it is not such a key. */
export const parseEvidenceKey = (text: string): EvidenceKey | undefined => {
  const jwk = parseJson(text);
  if (!isRecord(jwk)) return undefined;
  const { kty, crv, x, kid, d } = jwk;
  const isPublic = kty === 'OKP' && crv === 'Ed25519' && d === undefined;
  if (!isPublic || typeof x !== 'string' || !X.test(x) || typeof kid !== 'string') return undefined;
  return { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' };
};
