import type {
  EvidenceKey,
  EvidenceType,
  VerifiedEvidence,
} from '../../application/auditing/evidence/evidence-signer.ts';
import { withThumbprint } from './evidence-key-pair.ts';
import { verifyEvidence } from './verify-evidence.ts';

/**
 * With a key that was kept elsewhere, and nothing else: what this installation knows is not asked.
 */
export const verifyOffline = async (
  type: EvidenceType,
  jws: string,
  trusted: EvidenceKey,
): Promise<VerifiedEvidence> => {
  const verdict = await verifyEvidence(type, jws, [await withThumbprint(trusted.x)]);
  return verdict.verified ? { ...verdict, knownSince: null, current: false } : verdict;
};
