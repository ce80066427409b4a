import type { EvidenceKey } from './evidence-signer.ts';

/** 32 bytes in base64url, which leaves the last two bits of the last character empty. */
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

/** What `audit key --json` printed; undefined when it is no such key. */
export const parseEvidenceKey = (text: string): EvidenceKey | undefined => {
  const jwk = parseJson(text);
  if (!isRecord(jwk)) return undefined;
  const { kty, crv, x, kid, d } = jwk;
  const isPublic = kty === 'OKP' && crv === 'Ed25519' && d === undefined;
  if (!isPublic || typeof x !== 'string' || !X.test(x) || typeof kid !== 'string') return undefined;
  return { kty, crv, x, kid, alg: 'EdDSA', use: 'sig' };
};
