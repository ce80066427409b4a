import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  type EventStoreDouble,
  startEventStoreDouble,
} from '../event-store-double/event-store-double.ts';

/**
 * Hosts doubles in one process: `GET /<name>` answers the connection string of the double of that
 * name, which is started at the first request. The first line of output is the address of the host.
 */
const doubles = new Map<string, Promise<EventStoreDouble>>();

const open = async (name: string): Promise<string> => {
  const double = doubles.get(name) ?? startEventStoreDouble();
  doubles.set(name, double);
  return (await double).connectionString;
};

const host = createServer(({ url: name = '' }, response) => {
  void open(name).then((connectionString) => response.end(connectionString));
}).listen(0, '127.0.0.1');

await once(host, 'listening');
const address = host.address();
const port = address !== null && typeof address === 'object' ? address.port : 0;
process.once('SIGTERM', () => process.exit(0));
process.stdout.write(`http://127.0.0.1:${port}\n`);
