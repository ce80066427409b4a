import { eventually } from '../kernel/eventually.ts';
import { createHttpClient, type HttpClient } from '../servers/http-client.ts';
import { startServerProcess } from '../servers/latchkey-process.ts';
import { tokenIn } from '../servers/mailbox.ts';
import type { AdoptionRun } from './adoption-run.ts';

type Mail = Readonly<{ to: string; text: string }>;

/** The service on an adopted database, in a separate process. */
export type AdoptedService = Readonly<{
  client: HttpClient;
  /** Waits for the `count`-th mail to the address. @returns the token in its link */
  tokenTo: (address: string, count?: number) => Promise<string>;
  stop: () => Promise<void>;
}>;

export const startAdoptedService = async ({
  environment,
}: Pick<AdoptionRun, 'environment'>): Promise<AdoptedService> => {
  const server = await startServerProcess(environment);
  const client = createHttpClient(server.url);
  const mailsTo = async (address: string): Promise<readonly Mail[]> => {
    const headers = { accept: 'application/json' };
    const { json } = await client.call('GET', '/dev/mail', { headers });
    return (json as readonly Mail[]).filter(({ to }) => to === address);
  };
  return {
    client,
    tokenTo: async (address, count = 1) => {
      let mail: Mail | undefined;
      await eventually(async () => {
        mail = (await mailsTo(address))[count - 1];
        return mail !== undefined;
      }, `mail ${count} to ${address}`);
      return tokenIn(mail?.text ?? '');
    },
    stop: async () => {
      client.close();
      await server.stop();
    },
  };
};
