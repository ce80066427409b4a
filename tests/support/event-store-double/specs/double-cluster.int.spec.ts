import { FOLLOWER, NotLeaderError, UnavailableError } from '@eventstore/db-client';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { fact, numbersOf, plain, useDouble, within } from './double-fixtures.ts';

const start = useDouble();
const cluster = (settings = '') => start({ nodes: 3 }, settings);

const portsOf = (connectionString: string) =>
  [...connectionString.matchAll(/:(\d+)/g)].map(([, port]) => Number(port));

describe('a cluster of three', () => {
  it('is discovered by gossip, and its leader gets the appends', async () => {
    const { double, client } = await cluster();
    await client.appendToStream('a-1', fact(0), plain);
    expect(double.calls()).toStrictEqual({ gossip: 1, append: 1 });
    expect(new Set(portsOf(double.connectionString)).size).toBe(3);
  });

  it('refuses appends at a follower, and the client follows to the named leader', async () => {
    const { double, client } = await cluster();
    await client.appendToStream('a-1', fact(0), plain);
    expect(double.faults.changeLeader()).toBe(1);
    const refused = client.appendToStream('a-1', fact(1), plain);
    await expect(refused).rejects.toBeInstanceOf(NotLeaderError);
    await expect(refused).rejects.toMatchObject({
      leader: { address: '127.0.0.1', port: portsOf(double.connectionString)[1] },
    });
    await client.appendToStream('a-1', fact(2), plain);
    expect(await numbersOf(client.readStream('a-1'))).toStrictEqual([0, 2]);
    expect(double.calls().gossip).toBe(1);
  });

  it('refuses batch appends at a follower', async () => {
    const { double, client } = await cluster();
    await client.appendToStream('a-1', fact(0));
    double.faults.changeLeader();
    const refused = client.appendToStream('a-1', fact(1));
    await expect(refused).rejects.toBeInstanceOf(NotLeaderError);
    await client.appendToStream('a-1', fact(2));
    expect(await numbersOf(client.readStream('a-1'))).toStrictEqual([0, 2]);
  });

  it('serves reads at a follower unless the leader is required', async () => {
    const { client } = await cluster(`&nodePreference=${FOLLOWER}`);
    const refused = client.appendToStream('a-1', fact(0), plain);
    await expect(refused).rejects.toBeInstanceOf(NotLeaderError);
    await client.appendToStream('a-1', fact(1), plain);
    const { double, client: other } = await cluster(`&nodePreference=${FOLLOWER}`);
    expect(await numbersOf(other.readAll())).toStrictEqual([]);
    const strict = numbersOf(other.readAll({ requiresLeader: true }));
    await expect(strict).rejects.toBeInstanceOf(NotLeaderError);
    expect(double.calls()).toMatchObject({ readAll: 2 });
  });

  it('elects another leader when the leader stops, without loss of events', async () => {
    const { double, client } = await cluster();
    await client.appendToStream('a-1', fact(0), plain);
    await double.faults.stopNode(0);
    expect(double.leader()).toBe(1);
    const refused = client.appendToStream('a-1', fact(1), plain);
    await expect(refused).rejects.toBeInstanceOf(UnavailableError);
    await client.appendToStream('a-1', fact(2), plain);
    await double.faults.startNode(0);
    await double.faults.stopNode(1);
    expect(double.leader()).toBe(2);
    await expect(client.appendToStream('a-1', fact(3), plain)).rejects.toBeInstanceOf(
      UnavailableError,
    );
    await client.appendToStream('a-1', fact(4), plain);
    expect(await numbersOf(client.readStream('a-1'))).toStrictEqual([0, 2, 4]);
  });

  it('cannot be discovered when gossip fails', async () => {
    const { double, client } = await cluster('&maxDiscoverAttempts=2&discoveryInterval=10');
    double.faults.always('gossip', { kind: 'fail', code: status.UNAVAILABLE });
    const failed = await within(10_000, client.appendToStream('a-1', fact(0), plain));
    expect(String(failed)).toContain('Failed to discover after 2 attempts');
    expect(double.calls()).toStrictEqual({ gossip: 6 });
  });
});
