import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { PasswordHasher } from '../../application/identity/password-hasher.ts';
import type { Pause } from '../../application/kernel/pause.ts';
import { type Argon2Engine, argon2Cost, loadArgon2Engine } from './argon2-engine.ts';
import { parseArgon2Phc } from './argon2-phc.ts';
import { type BcryptEngine, loadBcryptEngine } from './bcrypt-engine.ts';
import { verifyBcryptHash } from './bcrypt-hash.ts';
import { createDelayPadding } from './delay-padding.ts';
import { createHashingGate } from './hashing-gate.ts';
import { type PasswordHash, readPasswordHash } from './password-hash-format.ts';
import { verifyPbkdf2Hash } from './pbkdf2-hash.ts';
import { verifyScryptHash } from './scrypt-hash.ts';

type Options = Readonly<{
  /**
   * Passwords hashed at a time; keep it below the four threads of libuv's pool. Each occupies one
   * thread, or two while its stored hash comes from another system.
   */
  workers: number;
  /** Hashes that may wait in the queue. */
  maxQueue: number;
  engine?: Argon2Engine;
  /** Called when the first bcrypt hash is verified: most installations have none. */
  loadBcrypt?: () => Promise<BcryptEngine>;
  pause?: Pause;
}>;

/** Whether computing `hash` takes at least as long as a hash with the current parameters. */
const costsAtLeastCurrentHash = (hash: PasswordHash): boolean => {
  if (hash.scheme !== 'argon2' || hash.parameters.algorithm !== 'argon2id') return false;
  const { m, t, p } = hash.parameters;
  // An engine may compute all lanes in parallel.
  return (m * t) / p >= (argon2Cost.m * argon2Cost.t) / argon2Cost.p;
};

/**
 * Hashes passwords with argon2id (19 MiB, two passes, one lane) and verifies every format that
 * `readPasswordHash` reads. Each call of `verify` computes at least one argon2id hash, and each
 * refusal is padded to the slowest recent hash of another system. An unreadable hash, or one that
 * would cost too much, never matches.
 */
export const createArgon2PasswordHasher = async ({
  workers,
  maxQueue,
  engine: chosen,
  loadBcrypt = loadBcryptEngine,
  pause = delay,
}: Options): Promise<PasswordHasher> => {
  const engine = chosen ?? (await loadArgon2Engine());
  const gate = createHashingGate({ workers, maxQueue });
  const padding = createDelayPadding();
  const dummyHash = await engine.hash(randomBytes(16).toString('hex'));

  const refuse = async (password: string): Promise<false> => {
    await engine.verify(dummyHash, password);
    return false;
  };

  const compute = async (hash: PasswordHash, password: string): Promise<boolean> => {
    switch (hash.scheme) {
      case 'argon2':
        // If the engine itself is at fault, the dummy fails too, and the error is not hidden.
        return engine.verify(hash.phc, password).catch(() => refuse(password));
      case 'bcrypt':
        return verifyBcryptHash(hash, password, await loadBcrypt());
      case 'pbkdf2':
        return verifyPbkdf2Hash(hash, password);
      case 'scrypt':
        return verifyScryptHash(hash, password);
    }
  };

  const verify = async (stored: string | null, password: string): Promise<boolean> => {
    const hash = stored === null ? undefined : readPasswordHash(stored);
    if (hash === undefined) return refuse(password);
    // bcrypt repeats a password after a NUL and HMAC pads with NULs: several passwords would match.
    if (hash.scheme !== 'argon2' && password.includes('\0')) return refuse(password);
    if (costsAtLeastCurrentHash(hash)) return compute(hash, password);
    const startedAt = performance.now();
    const [matches] = await Promise.all([compute(hash, password), refuse(password)]);
    if (!matches) padding.observe(performance.now() - startedAt);
    return matches;
  };

  /** Pads a refusal outside the gate, so that other hashes can run meanwhile. */
  const verifyWithPadding = async (hash: string | null, password: string): Promise<boolean> => {
    const { matches, took } = await gate.run(async () => {
      const startedAt = performance.now();
      const found = await verify(hash, password);
      return { matches: found, took: performance.now() - startedAt };
    });
    const rest = matches ? 0 : padding.rest(took);
    if (rest > 0) await pause(rest);
    return matches;
  };

  return {
    hash: (password) => gate.run(() => engine.hash(password)),
    verify: verifyWithPadding,
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
