/**
 * An implementation of bcrypt. Like all others, both use the first 72 bytes of a longer password.
 */
export type BcryptEngine = Readonly<{
  name: '@node-rs/bcrypt' | 'bcryptjs';
  /** `hash` is the normalised `$2b$` form of `BcryptHash`, which both engines read. */
  verify(hash: string, password: string): Promise<boolean>;
}>;

/** The functions used of the optional `@node-rs/bcrypt`, whose types may not be installed. */
type NodeRsBcrypt = Readonly<{ verify(password: string, hash: string): Promise<boolean> }>;

/** Loads `@node-rs/bcrypt`. @throws Error when it is not installed or has no build for this platform */
export const loadNodeRsBcrypt = async (): Promise<BcryptEngine> => {
  const name = '@node-rs/bcrypt';
  const { verify }: NodeRsBcrypt = await import(name as string);
  return { name, verify: (hash, password) => verify(password, hash) };
};

/** Loads `bcryptjs`. */
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
 * Loads `@node-rs/bcrypt`, which runs off the main thread, or `bcryptjs` on platforms that have no
 * build of it. `bcryptjs` blocks the main thread for up to 100 ms at a time.
 */
export const loadBcryptEngine = (): Promise<BcryptEngine> => loadNodeRsBcrypt().catch(loadBcryptJs);
