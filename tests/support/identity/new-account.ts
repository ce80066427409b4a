import type { NewAccount } from '../../../src/application/accounts/create-account.ts';
import { PASSWORD } from '../servers/http-client.ts';

let accounts = 0;

export const PASSWORD_HASH = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

/** The input of a new user, and the resulting identifiers. */
export const newAccount = (): Readonly<{
  input: NewAccount;
  emailAddress: string;
  username: string;
}> => {
  accounts += 1;
  return {
    input: {
      email: ` Ann${accounts}@Example.COM `,
      password: PASSWORD,
      displayName: 'Ann',
      username: `Ann.${accounts}`,
      householdName: 'The Smiths',
    },
    emailAddress: `ann${accounts}@example.com`,
    username: `ann.${accounts}`,
  };
};
