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

export type RequestEmailVerification = ReturnType<typeof createRequestEmailVerification>;

/**
 * Sends the verification link again if the address is unverified; the response is the same if not.
 * Where several accounts are pending for the address, the link is for choosing a password.
 * @throws DomainError `email_invalid`
 */
export const createRequestEmailVerification = ({
  commands,
  accounts,
  oneTimeTokens,
  respondInConstantTime,
  clock,
}: Dependencies) => {
  const request = async (email: string, context: RequestContext): Promise<void> => {
    const owner = await accounts.findByIdentifier({ kind: 'email', value: email });
    const pending = owner ?? (await accounts.findLatestPending(email));
    if (pending === undefined) return;
    const now = clock.now();
    // The latest of several registrations may be an attacker's: the mail's reader sets the
    // password.
    const contested = 'contested' in pending && pending.contested;
    const type = contested ? 'password_reset' : 'email_verification';
    const data = { token: oneTimeTokens.issue(type, now), now };
    await commands.execute(
      userAggregate,
      pending.userId,
      { type: contested ? 'RequestPasswordReset' : 'RequestEmailVerification', data },
      context,
    );
  };

  return (email: string, context: RequestContext): Promise<void> => {
    const address = parseEmailAddress(email);
    return respondInConstantTime(() => request(address, context));
  };
};
