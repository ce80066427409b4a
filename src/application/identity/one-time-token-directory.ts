import type { OneTimeTokenType } from '../../domain/one-time-token.ts';

/** Finds the users of one-time tokens. */
export type OneTimeTokenDirectory = Readonly<{
  /** Finds user and purpose by the token's hash. It may have expired: the user's stream decides. */
  find(
    tokenHash: string,
  ): Promise<Readonly<{ userId: string; type: OneTimeTokenType }> | undefined>;
}>;
