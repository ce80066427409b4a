import type { OneTimeTokenType } from '../../domain/one-time-token.ts';

export type OneTimeTokenDirectory = Readonly<{
  /** Whose token has this hash, and what for. Says nothing of its expiry: the stream decides. */
  find(
    tokenHash: string,
  ): Promise<Readonly<{ userId: string; type: OneTimeTokenType }> | undefined>;
}>;
