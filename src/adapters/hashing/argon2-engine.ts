/** An implementation of Argon2. All read each other's PHC strings. */
export type Argon2Engine = Readonly<{
  name: '@node-rs/argon2' | 'argon2';
  /** Returns a PHC string of argon2id with `argon2Cost` and a random salt of 16 bytes. */
  hash(password: string): Promise<string>;
  /** @throws Error when it cannot read `phc` */
  verify(phc: string, password: string): Promise<boolean>;
}>;

/** OWASP's recommended parameters of argon2id: 19 MiB, two passes, one lane. Memory in KiB. */
export const argon2Cost = { m: 19_456, t: 2, p: 1 } as const;

const ARGON2ID = 2;

/** The functions used of the optional `@node-rs/argon2`, whose types may not be installed. */
type NodeRsArgon2 = Readonly<{
  hash(
    password: string,
    options: Readonly<{
      algorithm: number;
      memoryCost: number;
      timeCost: number;
      parallelism: number;
    }>,
  ): Promise<string>;
  verify(phc: string, password: string): Promise<boolean>;
}>;

/** Loads `@node-rs/argon2`. @throws Error when it is not installed or has no build for this platform */
export const loadNodeRsArgon2 = async (): Promise<Argon2Engine> => {
  const name = '@node-rs/argon2';
  const { hash, verify }: NodeRsArgon2 = await import(name as string);
  const options = {
    algorithm: ARGON2ID,
    memoryCost: argon2Cost.m,
    timeCost: argon2Cost.t,
    parallelism: argon2Cost.p,
  } as const;
  return {
    name,
    hash: (password) => hash(password, options),
    verify: (phc, password) => verify(phc, password),
  };
};

/** Loads `argon2`. */
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

/**
 * Loads the faster `@node-rs/argon2` (2.5 times), or `argon2` on platforms that have no build of
 * it.
 */
export const loadArgon2Engine = (): Promise<Argon2Engine> => loadNodeRsArgon2().catch(loadArgon2);
