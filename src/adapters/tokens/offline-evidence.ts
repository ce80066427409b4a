import type {
  EvidenceKey,
  EvidenceType,
  VerifiedEvidence,
} from '../../application/auditing/evidence/evidence-signer.ts';
import { withThumbprint } from './evidence-key-pair.ts';
import { verifyEvidence } from './verify-evidence.ts';

/**
 * Verifies evidence with a key that was kept elsewhere, without the keys that this installation
 * knows.
 */
export const verifyOffline = async (
  type: EvidenceType,
  jws: string,
  trusted: EvidenceKey,
): Promise<VerifiedEvidence> => {
  const verdict = await verifyEvidence(type, jws, [await withThumbprint(trusted.x)]);
  return verdict.verified ? { ...verdict, knownSince: null, current: false } : verdict;
};
