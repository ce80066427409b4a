import type { EvidenceSigner } from '../../application/auditing/evidence/evidence-signer.ts';
import type { Clock } from '../../application/kernel/clock.ts';
import { signCompactJws } from './compact-jws.ts';
import {
  deriveEvidenceKeyPair,
  type EvidenceKeyPair,
  withThumbprint,
} from './evidence-key-pair.ts';
import type { EvidenceKeyRows } from './evidence-key-rows.ts';
import { verifyEvidence } from './verify-evidence.ts';

type Dependencies = Readonly<{
  /** 32 bytes each, derived from the master keys, the current one first. */
  seeds: readonly [current: Uint8Array, ...earlier: Uint8Array[]];
  rows: EvidenceKeyRows;
  /** `iss`: the public URL. */
  issuer: string;
  clock: Clock;
}>;

type Pairs = readonly [current: EvidenceKeyPair, ...earlier: EvidenceKeyPair[]];

/** Signs and verifies evidence with Ed25519 keys that are derived from the master keys. */
export const createEd25519EvidenceSigner = ({
  seeds,
  rows,
  issuer,
  clock,
}: Dependencies): EvidenceSigner => {
  const [currentSeed, ...earlierSeeds] = seeds;
  let derived: Promise<Pairs> | undefined;
  let remembered = false;

  const derive = async (): Promise<Pairs> => [
    await deriveEvidenceKeyPair(currentSeed),
    ...(await Promise.all(earlierSeeds.map(deriveEvidenceKeyPair))),
  ];
  const pairs = (): Promise<Pairs> => {
    derived ??= derive();
    return derived;
  };

  const currentPair = async (): Promise<EvidenceKeyPair> => {
    const [current] = await pairs();
    if (!remembered) await rows.remember(current.publicKey, clock.now());
    remembered = true;
    return current;
  };

  return {
    sign: async (type, payload) => {
      const { publicKey, privateKey } = await currentPair();
      const iat = Math.floor(Date.parse(clock.now()) / 1000);
      const header = { alg: publicKey.alg, kid: publicKey.kid, typ: type };
      return signCompactJws(header, { ...payload, iss: issuer, iat }, privateKey);
    },

    verify: async (type, jws, trusted) => {
      const [current, ...earlier] = await pairs();
      const known = await rows.list();
      const ours = [current, ...earlier].map(({ publicKey }) => publicKey);
      const keys = trusted
        ? [await withThumbprint(trusted.x)]
        : [...ours, ...known.map(({ key }) => key)];
      const verdict = await verifyEvidence(type, jws, keys);
      if (!verdict.verified) return verdict;
      const { kid } = verdict;
      const since = known.find(({ key }) => key.kid === kid)?.firstUsedAt ?? null;
      return { ...verdict, knownSince: since, current: kid === current.publicKey.kid };
    },

    publicKey: async () => (await currentPair()).publicKey,
  };
};
