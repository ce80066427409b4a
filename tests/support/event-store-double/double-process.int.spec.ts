import { EventStoreDBClient, UnavailableError } from '@eventstore/db-client';
import { expect, it } from 'vitest';
import { facts, numbersOf, plain } from './double-fixtures.ts';
import { startDoubleProcess } from './double-process.ts';

it('serves as a process of its own until it is stopped', async () => {
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
