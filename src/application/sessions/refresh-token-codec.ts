/** The contents of a genuine refresh token. */
export type PresentedRefreshToken = Readonly<{
  /** UUID */
  familyId: string;
  generation: number;
  /** 16 bytes, hex */
  salt: string;
}>;

export type RefreshTokenSpec = PresentedRefreshToken & Readonly<{ keyId: number }>;

/** Tokens are derived, never stored: the same spec always yields the same token. */
export type RefreshTokenCodec = Readonly<{
  /** The key that new tokens are made with. */
  currentKeyId: number;
  /** `undefined` for anything that does not carry our tag; needs no I/O. */
  parse(token: string): PresentedRefreshToken | undefined;
  /** @returns the token and its SHA-256 as 64 hex characters */
  derive(spec: RefreshTokenSpec): Readonly<{ token: string; tokenHash: string }>;
  /** SHA-256 over salt and user agent (hex): recognises a client within one family. */
  agentHash(salt: string, userAgent: string): string;
}>;
