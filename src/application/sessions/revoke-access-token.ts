import { parseAccessTokenId } from '../../domain/token-family/access-token-spans.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AccessTokenDenylist } from './access-token-denylist.ts';
import { denyRevoked } from './revoke-token-family.ts';
import type { SessionDirectory } from './session-directory.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  sessions: SessionDirectory;
  denylist: AccessTokenDenylist;
  clock: Clock;
}>;

type Input = Readonly<{ jti: string; userId: string }>;

export type RevokeAccessToken = ReturnType<typeof createRevokeAccessToken>;

/**
 * Revokes one access token, in every process within a second; its session continues. A user may
 * revoke own tokens, an administrator any. Does nothing if the token has expired.
 * @throws ApplicationError `access_token_not_found`, also for another user's token
 */
export const createRevokeAccessToken = ({
  commands,
  accounts,
  sessions,
  denylist,
  clock,
}: Dependencies) => {
  const mayRevoke = async (userId: string, owner: string): Promise<boolean> => {
    if (owner === userId) return true;
    const account = await accounts.findById(userId);
    return account?.active === true && account.role === 'admin';
  };

  return async ({ jti, userId }: Input, context: RequestContext): Promise<void> => {
    const id = parseAccessTokenId(jti);
    const owner = id && (await sessions.ownerOf(id.familyId));
    if (!id || owner === undefined || !(await mayRevoke(userId, owner))) {
      throw new ApplicationError('access_token_not_found');
    }
    const { events } = await commands.execute(
      tokenFamilyAggregate,
      id.familyId,
      { type: 'RevokeAccessToken', data: { ordinal: id.ordinal, now: clock.now() } },
      context,
    );
    denyRevoked(denylist, id.familyId, events);
  };
};
