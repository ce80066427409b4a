import { createHttpClient, type HttpClient } from '../servers/http-client.ts';
import {
  type Environment,
  freePort,
  type ServerProcess,
  startServerProcess,
} from '../servers/latchkey-process.ts';

/** Two servers that keep their ports when they are killed and restarted. */
export type SoakServers = Readonly<{
  clients: readonly HttpClient[];
  /** Kills a server and starts it again. */
  kill(index: number): Promise<void>;
  /** The output of all servers, also of killed ones. */
  output: () => string;
  /** @returns their exit codes */
  stop(): Promise<readonly (number | null)[]>;
}>;

/** A server does not start while the store is unreachable: a supervisor would start it again. */
const TRIES = 8;

const startWithRetries = async (environment: Environment): Promise<ServerProcess> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await startServerProcess(environment);
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
};

export const startSoakServers = async (environment: Environment): Promise<SoakServers> => {
  const ports = [await freePort(), await freePort()];
  const start = (index: number) => startWithRetries({ ...environment, PORT: String(ports[index]) });
  const servers: ServerProcess[] = await Promise.all(ports.map((_, index) => start(index)));
  const all = [...servers];
  const clients = servers.map(({ url }) => createHttpClient(url));
  return {
    clients,
    kill: async (index) => {
      await servers[index]?.stop('SIGKILL');
      const server = await start(index);
      servers[index] = server;
      all.push(server);
    },
    output: () => all.map(({ output }) => output()).join('\n'),
    stop: async () => {
      for (const client of clients) client.close();
      return Promise.all(servers.map(({ stop }) => stop()));
    },
  };
};
