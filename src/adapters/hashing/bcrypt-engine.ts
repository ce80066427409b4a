/**
 * One implementation of bcrypt. Both take the first 72 bytes of a longer password, as all others
 * do.
 */
export type BcryptEngine = Readonly<{
  name: '@node-rs/bcrypt' | 'bcryptjs';
  /** `hash` as `BcryptHash` has it: `$2b$`, its bits in the one way that both engines read. */
  verify(hash: string, password: string): Promise<boolean>;
}>;

/** What is used of `@node-rs/bcrypt`: without optional packages its own types are missing too. */
type NodeRsBcrypt = Readonly<{ verify(password: string, hash: string): Promise<boolean> }>;

/** @throws Error where the package is not installed or has no build for the platform */
export const loadNodeRsBcrypt = async (): Promise<BcryptEngine> => {
  const name = '@node-rs/bcrypt';
  const { verify }: NodeRsBcrypt = await import(name as string);
  return { name, verify: (hash, password) => verify(password, hash) };
};

export const loadBcryptJs = async (): Promise<BcryptEngine> => {
  const { compare } = await import('bcryptjs');
  return {
    name: 'bcryptjs',
    verify: (hash, password) => {
      // Half a surrogate pair becomes U+FFFD, as in all other engines; bcryptjs would encode it.
      const wellFormed = Buffer.from(password).toString();
      return compare(wellFormed, hash);
    },
  };
};

/**
 * `@node-rs/bcrypt` works off the main thread but is optional: no build of it for some platforms.
 * `bcryptjs` holds up everything else for up to 100 ms at a time.
 */
export const loadBcryptEngine = (): Promise<BcryptEngine> => loadNodeRsBcrypt().catch(loadBcryptJs);
