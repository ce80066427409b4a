import { randomBytes } from 'node:crypto';
import type { PasswordHasher } from '../../application/ports/password-hasher.ts';
import { type Argon2Engine, argon2Cost, loadArgon2Engine } from './argon2-engine.ts';
import { parseArgon2Phc } from './argon2-phc.ts';
import { createHashingGate } from './hashing-gate.ts';

type Options = Readonly<{
  /** Hashes at a time; keep it below the four threads of libuv's pool. */
  workers: number;
  /** Hashes that may wait for their turn. */
  maxQueue: number;
  engine?: Argon2Engine;
}>;

/** What a stored hash may ask of this machine at most. Memory in KiB. */
const COST_CEILING = { m: 256 * 1024, t: 16, p: 16 } as const;

const isAffordable = (phc: string): boolean => {
  const parameters = parseArgon2Phc(phc);
  return (
    parameters !== undefined &&
    parameters.m <= COST_CEILING.m &&
    parameters.t <= COST_CEILING.t &&
    parameters.p <= COST_CEILING.p
  );
};

/**
 * argon2id with 19 MiB, two passes and one lane. Every call of `verify` costs one hash, whatever it
 * is given; a hash that cannot be read, or would cost too much to compute, never matches.
 */
export const createArgon2PasswordHasher = async ({
  workers,
  maxQueue,
  engine: chosen,
}: Options): Promise<PasswordHasher> => {
  const engine = chosen ?? (await loadArgon2Engine());
  const gate = createHashingGate({ workers, maxQueue });
  const dummyHash = await engine.hash(randomBytes(16).toString('hex'));

  const refuse = async (password: string): Promise<false> => {
    await engine.verify(dummyHash, password);
    return false;
  };

  return {
    hash: (password) => gate.run(() => engine.hash(password)),
    verify: (hash, password) =>
      gate.run(async () => {
        if (hash === null || !isAffordable(hash)) return refuse(password);
        // Where the engine itself is at fault, the dummy fails too and the error is not hidden.
        return engine.verify(hash, password).catch(() => refuse(password));
      }),
    isOutdated: (hash) => {
      const parameters = parseArgon2Phc(hash);
      return (
        parameters?.algorithm !== 'argon2id' ||
        parameters.version !== 19 ||
        parameters.m < argon2Cost.m ||
        parameters.t < argon2Cost.t
      );
    },
  };
};
