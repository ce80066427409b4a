import { type Instant, plusSeconds } from '../../domain/instant.ts';
import type { IssuedToken, OneTimeTokenType } from '../../domain/one-time-token.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { OneTimeTokenCodec } from './one-time-token-codec.ts';
import type { OneTimeTokenDirectory } from './one-time-token-directory.ts';

/** Lifetimes of one-time tokens in seconds, by purpose. */
export type OneTimeTokenLifetimes = Readonly<Record<OneTimeTokenType, number>>;

type Dependencies = Readonly<{
  codec: OneTimeTokenCodec;
  directory: OneTimeTokenDirectory;
  lifetimes: OneTimeTokenLifetimes;
}>;

/** A presented token with its user. It may be expired or used: the user's stream decides. */
export type PresentedToken<Type extends OneTimeTokenType = OneTimeTokenType> = Readonly<{
  type: Type;
  userId: string;
  tokenHash: string;
}>;

export type OneTimeTokens = ReturnType<typeof createOneTimeTokens>;

/** Issues and recognises the tokens that are sent by mail. */
export const createOneTimeTokens = ({ codec, directory, lifetimes }: Dependencies) => ({
  issue: (type: OneTimeTokenType, now: Instant): IssuedToken => ({
    ...codec.mint(),
    expiresAt: plusSeconds(now, lifetimes[type]),
  }),

  /** Finds a token's user. @throws ApplicationError `token_invalid`, also for another purpose */
  open: async <Type extends OneTimeTokenType>(
    token: string,
    ...types: readonly Type[]
  ): Promise<PresentedToken<Type>> => {
    const tokenHash = codec.hash(token);
    const found = tokenHash === undefined ? undefined : await directory.find(tokenHash);
    const type = types.find((wanted) => wanted === found?.type);
    if (tokenHash === undefined || found === undefined || type === undefined) {
      throw new ApplicationError('token_invalid');
    }
    return { type, userId: found.userId, tokenHash };
  },
});
