import type { RequestContext } from '../kernel/request-context.ts';
import type { CreateAccount, NewAccount } from './create-account.ts';

type Dependencies = Readonly<{ createAccount: CreateAccount }>;

export type RequestRegistration = ReturnType<typeof createRequestRegistration>;

/**
 * Registers a pending account, which the user completes by verifying the address. The response is
 * the same for an address of another account: only the mail differs.
 * @throws DomainError for malformed input; ApplicationError `password_too_common`, `server_busy`
 */
export const createRequestRegistration =
  ({ createAccount }: Dependencies) =>
  async (input: NewAccount, context: RequestContext): Promise<void> => {
    await createAccount(input, 'pending', context);
  };
