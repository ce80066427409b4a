import { ApplicationError } from '../kernel/errors.ts';
import type { AccessTokenDenylist } from './access-token-denylist.ts';
import type { AccessTokenClaims, AccessTokens } from './access-tokens.ts';

type Dependencies = Readonly<{ accessTokens: AccessTokens; denylist: AccessTokenDenylist }>;

export type Authenticate = ReturnType<typeof createAuthenticate>;

/**
 * Verifies an access token and returns its claims, without I/O.
 * @throws ApplicationError `access_token_invalid`, `service_unavailable`
 */
export const createAuthenticate =
  ({ accessTokens, denylist }: Dependencies) =>
  async (accessToken: string): Promise<AccessTokenClaims> => {
    const claims = await accessTokens.verify(accessToken);
    if (claims === undefined || denylist.has(claims.jti)) {
      throw new ApplicationError('access_token_invalid');
    }
    return claims;
  };
