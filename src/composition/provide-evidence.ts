import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createEd25519EvidenceSigner } from '../adapters/tokens/ed25519-evidence-signer.ts';
import { createEvidenceKeyRows } from '../adapters/tokens/evidence-key-rows.ts';
import { tokens } from '../system-tokens.ts';
import type { Chapter, Surroundings } from './provide.ts';

type Secrets = readonly [current: Uint8Array, ...earlier: Uint8Array[]];

const secretsFor = (masterKeys: Surroundings['masterKeys'], purpose: string): Secrets => {
  const { current, earlier } = deriveKeyRing(masterKeys, purpose);
  return [current.bytes, ...earlier.map(({ bytes }) => bytes)];
};

/** What is to be believed later, and elsewhere. */
export const provideEvidence: Chapter = (provide, { publicUrl }, { masterKeys }) => {
  provide(tokens.evidence, (get) =>
    createEd25519EvidenceSigner({
      seeds: secretsFor(masterKeys, 'evidence'),
      rows: createEvidenceKeyRows({
        database: get(tokens.database),
        sealingKeys: secretsFor(masterKeys, 'evidence-keys'),
      }),
      issuer: publicUrl,
      clock: get(tokens.clock),
    }),
  );
};
