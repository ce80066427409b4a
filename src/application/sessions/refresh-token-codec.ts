/** The content of a genuine refresh token. */
export type PresentedRefreshToken = Readonly<{
  /** UUID */
  familyId: string;
  generation: number;
  /** 16 bytes, hex */
  salt: string;
}>;

/** The inputs from which a refresh token is derived. */
export type RefreshTokenSpec = PresentedRefreshToken & Readonly<{ keyId: number }>;

/**
 * Derives refresh tokens, which are never stored: the same spec always results in the same token.
 */
export type RefreshTokenCodec = Readonly<{
  /** The id of the key that derives new tokens. */
  currentKeyId: number;
  /** Verifies the authentication tag and parses the token, without I/O; undefined if it fails. */
  parse(token: string): PresentedRefreshToken | undefined;
  /** @returns the token and its SHA-256 as 64 hex characters */
  derive(spec: RefreshTokenSpec): Readonly<{ token: string; tokenHash: string }>;
  /**
   * Computes SHA-256 over salt and user agent (hex), which identifies a client within one family.
   */
  agentHash(salt: string, userAgent: string): string;
}>;
