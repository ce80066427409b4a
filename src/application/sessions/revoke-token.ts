import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { PresentedRefreshToken, RefreshTokenCodec } from './refresh-token-codec.ts';
import type { RevokeAccessToken } from './revoke-access-token.ts';
import type { RevokeTokenFamily } from './revoke-token-family.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accessTokens: AccessTokens;
  refreshTokens: RefreshTokenCodec;
  revokeTokenFamily: RevokeTokenFamily;
  revokeAccessToken: RevokeAccessToken;
}>;

export type RevokeToken = ReturnType<typeof createRevokeToken>;

/**
 * Revokes a token on behalf of its holder (RFC 7009): a refresh token ends its session, an access
 * token only itself. An invalid or expired token is ignored.
 */
export const createRevokeToken = ({
  commands,
  accessTokens,
  refreshTokens,
  revokeTokenFamily,
  revokeAccessToken,
}: Dependencies) => {
  /**
   * A superseded token ends the session too, without a verdict of theft. Presented by the client it
   * is a sign-out; presented by a thief it has the same effect as a refresh.
   */
  const endFamily = async (
    { familyId, generation, salt }: PresentedRefreshToken,
    anonymous: RequestContext,
  ): Promise<void> => {
    const family = await commands.load(tokenFamilyAggregate, familyId);
    if (family.status !== 'live') return;
    if (family.salt !== salt || generation > family.generation) return;
    // As with a refresh, the holder of the token acts as its user.
    await revokeTokenFamily(familyId, 'sign_out', { ...anonymous, actor: family.userId });
  };

  const endAccessToken = async (token: string, anonymous: RequestContext): Promise<void> => {
    const claims = await accessTokens.verify(token);
    if (claims === undefined) return;
    const { jti, sub } = claims;
    try {
      await revokeAccessToken({ jti, userId: sub }, { ...anonymous, actor: sub });
    } catch (error) {
      // The session was ended and cleaned up before.
      if (error instanceof ApplicationError && error.code === 'access_token_not_found') return;
      throw error;
    }
  };

  return async (token: string, context: RequestContext): Promise<void> => {
    const presented = refreshTokens.parse(token);
    await (presented ? endFamily(presented, context) : endAccessToken(token, context));
  };
};
