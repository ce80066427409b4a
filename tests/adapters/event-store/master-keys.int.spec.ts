import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { StreamId } from '../../../src/application/kernel/event-store.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { collect } from '../../support/event-log/event-store-fixtures.ts';
import {
  type ComposedSystem,
  composeSystem,
  visitor,
} from '../../support/servers/composed-system.ts';
import { createTestDatabase, type TestDatabase } from '../../support/servers/test-database.ts';

const DEADLINE = { timeout: 10_000 };
const OLD = '7XVLtFUpmSclmBw3vggsk556rLOgJgNgCmtxnoAiLEs=';
const NEW = 'dCmhc8J/D/aSJ6IoNMXtqoRqGfqnOowfqwEOYq5HwE4=';

let database: TestDatabase;
let open: ComposedSystem[];
beforeEach(async () => {
  database = await createTestDatabase();
  open = [];
});
afterEach(async () => {
  for (const system of open) await system.close();
  await database.drop();
});

const withKeys = async (environment: Readonly<Record<string, string>>) => {
  const system = await composeSystem(environment, database);
  open.push(system);
  return system;
};

const create = async (system: ComposedSystem, email: string): Promise<StreamId> => {
  const account = { email, password: 'a horse on a staircase', displayName: 'Ann' };
  const { userId } = await system.get(tokens.createAccount)(account, 'verified', visitor);
  return { category: 'user', id: userId };
};

const emailIn = async (system: ComposedSystem, stream: StreamId) => {
  const { events } = await system.get(tokens.eventStore).readStream(stream);
  return events.map(({ event }) => event.data);
};

describe('a log written with another master key', () => {
  it('is refused by an error that names it, neither misread nor taken for erased', async () => {
    const stream = await create(await withKeys({ LATCHKEY_MASTER_KEY: OLD }), 'ann@example.com');
    const stranger = await withKeys({ LATCHKEY_MASTER_KEY: NEW });
    const store = stranger.get(tokens.eventStore);
    const refusal = `no master key opens the data key of ${stream.id}`;
    await expect(store.read(stream, 0)).rejects.toThrow(refusal);
    await expect(store.readStream(stream)).rejects.toThrow(refusal);
    // Other transactions on the same server may delay the end of the log.
    await vi.waitFor(() => expect(collect(store.readAll())).rejects.toThrow(refusal), DEADLINE);
  });

  it('is read and appended to when that key is configured as the previous one', async () => {
    const before = await withKeys({ LATCHKEY_MASTER_KEY: OLD });
    const ann = await create(before, 'ann@example.com');
    const rotated = await withKeys({
      LATCHKEY_MASTER_KEY: NEW,
      LATCHKEY_MASTER_KEY_PREVIOUS: OLD,
    });
    const ben = await create(rotated, 'ben@example.com');
    const bens = [{ email: 'ben@example.com' }, { email: 'ben@example.com' }];
    expect(await emailIn(rotated, ann)).toMatchObject([
      { email: 'ann@example.com' },
      { email: 'ann@example.com' },
    ]);
    expect(await emailIn(rotated, ben)).toMatchObject(bens);
    const after = await withKeys({ LATCHKEY_MASTER_KEY: NEW });
    expect(await emailIn(after, ben)).toMatchObject(bens);
    await expect(emailIn(after, ann)).rejects.toThrow('no master key opens');
  });
});
