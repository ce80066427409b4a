import { type Account, type ClientSession, connectClients, newAccount } from './latchkey-client.ts';

/** Enough clients to keep the hashing gate busy, few enough not to fill its queue. */
const SETUP_CLIENTS = 4;

const spread = async <Result>(
  port: number,
  count: number,
  make: (
    client: Awaited<ReturnType<typeof connectClients>>[number],
    index: number,
  ) => Promise<Result>,
): Promise<Result[]> => {
  const clients = await connectClients(port, SETUP_CLIENTS);
  const results: Result[] = [];
  let next = 0;
  await Promise.all(
    clients.map(async (client) => {
      for (let index = next++; index < count; index = next++) {
        results[index] = await make(client, index);
      }
      client.close();
    }),
  );
  return results;
};

export const makeAccounts = (port: number, count: number): Promise<Account[]> =>
  spread(port, count, async (client) => {
    const account = newAccount();
    await client.register(account);
    return account;
  });

/** Creates sessions of a few accounts, each a token family of its own. */
export const makeSessions = async (port: number, count: number): Promise<ClientSession[]> => {
  const accounts = await makeAccounts(port, Math.ceil(count / 10));
  return spread(port, count, (client, index) => {
    const account = accounts[index % accounts.length];
    if (account === undefined) throw new RangeError('no account');
    return client.signIn(account);
  });
};
