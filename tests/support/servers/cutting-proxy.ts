import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';

export type CuttingProxy = Readonly<{
  /** Connection string of the database through the proxy. */
  connectionString: string;
  /** Lets the next query reach the server, drops its answer and closes the connection. */
  cutNextAnswer(): void;
  /** Number of connections that were cut. */
  cuts(): number;
  close(): Promise<void>;
}>;

/** Starts a proxy between a client and the Unix socket of PostgreSQL. */
export const startCuttingProxy = async (connectionString: string): Promise<CuttingProxy> => {
  const address = new URL(connectionString.replace('@/', '@localhost/'));
  const socketName = `.s.PGSQL.${address.searchParams.get('port')}`;
  const server = path.join(String(address.searchParams.get('host')), socketName);
  const folder = await mkdtemp(path.join(os.tmpdir(), 'latchkey-proxy-'));
  const open = new Set<net.Socket>();
  let armed = false;
  let cuts = 0;

  const proxy = net.createServer((client) => {
    const upstream = net.connect(server);
    let asked = false;
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.on('data', (bytes) => {
      asked = armed;
      upstream.write(bytes);
    });
    upstream.on('data', (bytes) => {
      if (!asked) return void client.write(bytes);
      armed = false;
      cuts += 1;
      return void client.destroy();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(path.join(folder, socketName), resolve));

  return {
    connectionString: connectionString.replace(
      encodeURIComponent(path.dirname(server)),
      encodeURIComponent(folder),
    ),
    cutNextAnswer: () => {
      armed = true;
    },
    cuts: () => cuts,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => proxy.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
};
