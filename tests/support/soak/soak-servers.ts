import { createHttpClient, type HttpClient } from '../servers/http-client.ts';
import {
  type Environment,
  freePort,
  type ServerProcess,
  startServerProcess,
} from '../servers/latchkey-process.ts';

/** Two servers that keep their ports when they are killed and come back. */
export type SoakServers = Readonly<{
  clients: readonly HttpClient[];
  /** Ends it as if the power went, and starts it again. */
  kill(index: number): Promise<void>;
  /** What all of them ever said. */
  output: () => string;
  /** @returns their exit codes */
  stop(): Promise<readonly (number | null)[]>;
}>;

/** A store that is away at the wrong moment is a reason not to start: whoever runs servers starts it again. */
const TRIES = 8;

const startAtLast = async (environment: Environment): Promise<ServerProcess> => {
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
  const start = (index: number) => startAtLast({ ...environment, PORT: String(ports[index]) });
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
