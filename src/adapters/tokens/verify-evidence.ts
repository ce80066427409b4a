import { createPublicKey } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, errors } from 'jose';
import type {
  EvidenceKey,
  EvidencePayload,
  EvidenceRefusal,
  EvidenceType,
} from '../../application/auditing/evidence/evidence-signer.ts';

/** The signed payload and the key's id, or the reason why the signature is not accepted. */
export type SignatureVerdict =
  | Readonly<{ verified: true; payload: EvidencePayload; kid: string }>
  | Readonly<{ verified: false; reason: EvidenceRefusal }>;

type Header = Readonly<{ kid: string; typ: unknown }>;

const ALGORITHM = 'EdDSA';
// Only the parameters that Latchkey writes: evidence with `jwk`, `jku`, `x5u` or `crit` is refused.
const HEADER_PARAMETERS = new Set(['alg', 'kid', 'typ']);

const refuse = (reason: EvidenceRefusal): SignatureVerdict => ({ verified: false, reason });

const readHeader = (jws: string): Header | undefined => {
  try {
    const header = decodeProtectedHeader(jws);
    const isOurs = Object.keys(header).every((name) => HEADER_PARAMETERS.has(name));
    const { alg, kid, typ } = header;
    return isOurs && alg === ALGORITHM && typeof kid === 'string' ? { kid, typ } : undefined;
  } catch {
    return undefined;
  }
};

const isPayload = (value: unknown): value is EvidencePayload =>
  typeof value === 'object' &&
  value !== null &&
  'iat' in value &&
  typeof value.iat === 'number' &&
  'iss' in value &&
  typeof value.iss === 'string';

const parsePayload = (bytes: Uint8Array): EvidencePayload | undefined => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return isPayload(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Verifies that `jws` is evidence of that type, signed with one of `keys`. Needs no database. */
export const verifyEvidence = async (
  type: EvidenceType,
  jws: string,
  keys: readonly EvidenceKey[],
): Promise<SignatureVerdict> => {
  const header = readHeader(jws);
  if (header === undefined) return refuse('malformed');
  if (header.typ !== type) return refuse('wrong_type');
  const key = keys.find(({ kid }) => kid === header.kid);
  if (key === undefined) return refuse('unknown_key');
  try {
    const { kty, crv, x } = key;
    const publicKey = createPublicKey({ key: { kty, crv, x }, format: 'jwk' });
    const { payload } = await compactVerify(jws, publicKey, { algorithms: [ALGORITHM] });
    const parsed = parsePayload(payload);
    return parsed ? { verified: true, payload: parsed, kid: key.kid } : refuse('malformed');
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return refuse('bad_signature');
    if (error instanceof errors.JOSEError) return refuse('malformed');
    throw error;
  }
};
