import { createCheckDecryption } from '../adapters/event-store/decryption-check.ts';
import { createEventStoreDbStoredLog } from '../adapters/event-store/eventstoredb/eventstoredb-stored-log.ts';
import { createPostgresStoredLog } from '../adapters/event-store/postgres/postgres-stored-log.ts';
import { createPostgresLogCheckpoints } from '../adapters/postgres/auditing/postgres-log-checkpoints.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { nodeSha256 } from '../adapters/system/node-sha256.ts';
import { createEd25519EvidenceSigner } from '../adapters/tokens/ed25519-evidence-signer.ts';
import { createEvidenceKeyRows } from '../adapters/tokens/evidence-key-rows.ts';
import { createKeepCheckpoints } from '../application/auditing/evidence/keep-checkpoints.ts';
import { createMakeCheckpoint } from '../application/auditing/evidence/make-checkpoint.ts';
import { createVerifyCheckpoints } from '../application/auditing/evidence/verify-checkpoints.ts';
import { createVerifyLog } from '../application/auditing/evidence/verify-log.ts';
import type { CompositionModule, RuntimeEnvironment } from './provide.ts';
import { tokens } from './system-tokens.ts';

type Secrets = readonly [current: Uint8Array, ...earlier: Uint8Array[]];

const secretsFor = (masterKeys: RuntimeEnvironment['masterKeys'], purpose: string): Secrets => {
  const { current, earlier } = deriveKeyRing(masterKeys, purpose);
  return [current.bytes, ...earlier.map(({ bytes }) => bytes)];
};

const provideStoredLog: CompositionModule = (provide) => {
  provide(tokens.storedLog, (get) => {
    const database = get(tokens.database);
    const checkDecryption = createCheckDecryption(get(tokens.codec));
    const eventStoreDb = get(tokens.eventStoreDb);
    return eventStoreDb === undefined
      ? createPostgresStoredLog({ database, checkDecryption })
      : createEventStoreDbStoredLog({ ...eventStoreDb, database, checkDecryption });
  });
  provide(tokens.logCheckpoints, (get) => createPostgresLogCheckpoints(get(tokens.database)));
};

const provideLogEvidence: CompositionModule = (provide, { checkpointSeconds }, { log }) => {
  provide(tokens.logEvidence, (get) => {
    const checkpoints = get(tokens.logCheckpoints);
    const storedLog = get(tokens.storedLog);
    const signing = { evidence: get(tokens.evidence), sha256: nodeSha256 };
    const verifyCheckpoints = createVerifyCheckpoints(signing);
    return {
      verifyLog: createVerifyLog({ storedLog, checkpoints, verifyCheckpoints }),
      makeCheckpoint: createMakeCheckpoint({ ...signing, checkpoints, storedLog }),
      checkpoints,
    };
  });
  provide(tokens.keepCheckpoints, (get) =>
    createKeepCheckpoints({
      makeCheckpoint: get(tokens.logEvidence).makeCheckpoint,
      seconds: checkpointSeconds,
      pause: get(tokens.pause),
      log,
    }),
  );
};

const provideSigner: CompositionModule = (provide, { publicUrl }, { masterKeys }) => {
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

/** Registers the signing and the verification of evidence about the event log. */
export const provideAuditingEvidence: CompositionModule = (...args) => {
  provideSigner(...args);
  provideStoredLog(...args);
  provideLogEvidence(...args);
};
