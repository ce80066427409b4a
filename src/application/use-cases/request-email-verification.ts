import { parseEmailAddress } from '../../domain/user/email-address.ts';
import { userAggregate } from '../aggregate.ts';
import type { CommandHandler } from '../command-handler.ts';
import type { OneTimeTokens } from '../one-time-tokens.ts';
import type { AccountDirectory } from '../ports/account-directory.ts';
import type { Clock } from '../ports/clock.ts';
import type { RequestContext } from '../request-context.ts';
import type { TakeAsLong } from '../take-as-long.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  oneTimeTokens: OneTimeTokens;
  takeAsLong: TakeAsLong;
  clock: Clock;
}>;

export type RequestEmailVerification = ReturnType<typeof createRequestEmailVerification>;

/** Sends the link once more, if there is anything to prove; answers alike if not. */
export const createRequestEmailVerification = ({
  commands,
  accounts,
  oneTimeTokens,
  takeAsLong,
  clock,
}: Dependencies) => {
  const request = async (email: string, context: RequestContext): Promise<void> => {
    const owner = await accounts.findByIdentifier({ kind: 'email', value: email });
    const userId = owner?.userId ?? (await accounts.findLatestPending(email));
    if (userId === undefined) return;
    const now = clock.now();
    const token = oneTimeTokens.issue('email_verification', now);
    const data = { token, now };
    await commands.execute(
      userAggregate,
      userId,
      { type: 'RequestEmailVerification', data },
      context,
    );
  };

  return (email: string, context: RequestContext): Promise<void> => {
    const address = parseEmailAddress(email);
    return takeAsLong(() => request(address, context));
  };
};
