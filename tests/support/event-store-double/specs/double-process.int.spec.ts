import { EventStoreDBClient, UnavailableError } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { startDoubleProcess } from '../double-process.ts';
import { facts, numbersOf, plain } from './double-fixtures.ts';

it('the double serves as a separate process until it is stopped', async () => {
  const process = await startDoubleProcess({ batchAppend: false });
  const client = EventStoreDBClient.connectionString(process.connectionString);
  await client.appendToStream('a-1', facts(3));
  expect(await numbersOf(client.readStream('a-1'))).toStrictEqual([0, 1, 2]);
  await process.stop();
  await expect(client.appendToStream('a-1', facts(1), plain)).rejects.toBeInstanceOf(
    UnavailableError,
  );
  await client.dispose();
});

it('the double serves as a cluster of three in a separate process', async () => {
  const process = await startDoubleProcess({ nodes: 3 });
  const client = EventStoreDBClient.connectionString(process.connectionString);
  expect(process.connectionString.match(/127\.0\.0\.1:\d+/g)).toHaveLength(3);
  await client.appendToStream('a-1', facts(1), plain);
  await client.dispose();
  await process.stop();
});

it('the double injects faults for its parent process and reports its log', async () => {
  const process = await startDoubleProcess();
  const client = EventStoreDBClient.connectionString(process.connectionString);
  await process.call('next', 'append', { kind: 'failAfter', code: status.UNAVAILABLE });
  await expect(client.appendToStream('a-1', facts(1), plain)).rejects.toBeInstanceOf(
    UnavailableError,
  );
  expect(await process.call('injectedFaults')).toStrictEqual({ failAfter: 1 });
  expect(await process.call('openCalls')).toBe(0);
  const [stored] = await process.call('events');
  expect(stored).toMatchObject({ stream: 'a-1', revision: 0n, position: expect.any(BigInt) });
  await expect(process.call('stopNode', 7)).rejects.toThrow('no node 7');
  await client.dispose();
  await process.stop();
});
