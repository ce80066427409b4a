import type { OneTimeTokenType } from '../../domain/one-time-token.ts';

export type OneTimeTokenDirectory = Readonly<{
  /**
   * Finds the user and purpose of a token by its hash. Only the stream decides whether it has
   * expired.
   */
  find(
    tokenHash: string,
  ): Promise<Readonly<{ userId: string; type: OneTimeTokenType }> | undefined>;
}>;
