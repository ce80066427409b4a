import { createKeepAnAdmin } from '../../../src/application/administration/keep-an-admin.ts';
import { createAccountServices } from '../identity/account-services.ts';
import { contextFrom } from '../sessions/session-services.ts';

/** The context of requests by `user_chief`. */
export const byChief = { ...contextFrom(), actor: 'user_chief' };

/** The accounts of `user_ann`, a user, and of `user_chief`, the only administrator. */
export const administeredAccounts = async () => {
  const services = createAccountServices();
  await services.signUp('user_ann', 'ann@example.com');
  await services.signUp('user_chief', 'chief@example.com', { role: 'admin' });
  const entered: string[] = [];
  const keepAnAdmin = createKeepAnAdmin({
    ...services,
    exclusively: (name, work) => {
      entered.push(name);
      return work();
    },
  });
  return {
    ...services,
    keepAnAdmin,
    /** The exclusive sections entered, in order. */
    entered,
  };
};
