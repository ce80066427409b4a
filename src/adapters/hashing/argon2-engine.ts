/** One implementation of Argon2. Each reads the PHC strings that the other writes. */
export type Argon2Engine = Readonly<{
  name: '@node-rs/argon2' | 'argon2';
  /** A PHC string of argon2id with `argon2Cost` and a random salt of 16 bytes. */
  hash(password: string): Promise<string>;
  /** @throws Error when it cannot read `phc` */
  verify(phc: string, password: string): Promise<boolean>;
}>;

/** OWASP's first choice for argon2id: 19 MiB, two passes, one lane. Memory in KiB. */
export const argon2Cost = { m: 19_456, t: 2, p: 1 } as const;

const ARGON2ID = 2;

export const loadNodeRsArgon2 = async (): Promise<Argon2Engine> => {
  const { hash, verify } = await import('@node-rs/argon2');
  const options = {
    algorithm: ARGON2ID,
    memoryCost: argon2Cost.m,
    timeCost: argon2Cost.t,
    parallelism: argon2Cost.p,
  } as const;
  return {
    name: '@node-rs/argon2',
    hash: (password) => hash(password, options),
    verify: (phc, password) => verify(phc, password),
  };
};

export const loadArgon2 = async (): Promise<Argon2Engine> => {
  const { default: argon2 } = await import('argon2');
  const options = {
    type: ARGON2ID,
    memoryCost: argon2Cost.m,
    timeCost: argon2Cost.t,
    parallelism: argon2Cost.p,
  } as const;
  return {
    name: 'argon2',
    hash: (password) => argon2.hash(password, options),
    verify: (phc, password) => argon2.verify(phc, password),
  };
};

/** `@node-rs/argon2` hashes 2.5 times faster but is optional: no build of it for some platforms. */
export const loadArgon2Engine = (): Promise<Argon2Engine> => loadNodeRsArgon2().catch(loadArgon2);
