import { parseEmailAddress } from '../../domain/user/email-address.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import type { OneTimeTokens } from '../identity/one-time-tokens.ts';
import { userAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RespondInConstantTime } from '../kernel/constant-time-response.ts';
import type { RequestContext } from '../kernel/request-context.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  oneTimeTokens: OneTimeTokens;
  respondInConstantTime: RespondInConstantTime;
  clock: Clock;
}>;

export type RequestPasswordReset = ReturnType<typeof createRequestPasswordReset>;

/**
 * Sends a link for choosing a password if the address has an account; the response is the same if
 * not.
 * @throws DomainError `email_invalid`
 */
export const createRequestPasswordReset = ({
  commands,
  accounts,
  oneTimeTokens,
  respondInConstantTime,
  clock,
}: Dependencies) => {
  const request = async (email: string, context: RequestContext): Promise<void> => {
    const owner = await accounts.findByIdentifier({ kind: 'email', value: email });
    // A pending account may be verified this way when its first mail was lost.
    const { userId } = owner ?? (await accounts.findLatestPending(email)) ?? {};
    if (userId === undefined) return;
    const now = clock.now();
    const data = { token: oneTimeTokens.issue('password_reset', now), now };
    await commands.execute(userAggregate, userId, { type: 'RequestPasswordReset', data }, context);
  };

  return (email: string, context: RequestContext): Promise<void> => {
    const address = parseEmailAddress(email);
    return respondInConstantTime(() => request(address, context));
  };
};
