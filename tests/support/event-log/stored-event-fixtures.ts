import { readdir, readFile } from 'node:fs/promises';
import { createEventCodec } from '../../../src/adapters/event-store/event-codec.ts';
import { createEventRegistry } from '../../../src/adapters/event-store/event-registry.ts';
import { createPersonalDataCipher } from '../../../src/adapters/event-store/personal-data-cipher.ts';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import type { StoredEvent } from '../../../src/adapters/event-store/stored-event.ts';
import { deriveKeyRing, parseMasterKey } from '../../../src/adapters/system/master-key.ts';

export const FIXTURES = new URL('../fixtures/stored-events/', import.meta.url);

/** One event as it was once stored, and what the latest version of its type reads in it. */
export type StoredEventFixture = Readonly<{
  stream: string;
  revision: number;
  /** The wrapped data key of the event's person. */
  subjectKey: string | null;
  stored: StoredEvent;
  decoded: Readonly<Record<string, unknown>>;
}>;

/** Never to be changed: the fixtures are sealed with it. */
const MASTER_KEY = 'V7yroLZZuF6AB09bCPQZ1kc8d5MVRUzKo0cjSVHW9rw=';

export const fixtureRegistry = createEventRegistry(eventDefinitions);
export const fixtureCodec = createEventCodec(
  fixtureRegistry,
  createPersonalDataCipher(deriveKeyRing([parseMasterKey(MASTER_KEY)], 'subject-keys')),
);

export const fixtureName = (type: string, version: number): string => `${type}.v${version}.json`;

/** By file name, in the order of their streams. */
export const readFixtures = async (): Promise<ReadonlyMap<string, StoredEventFixture>> => {
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.json'));
  const read = async (name: string) => {
    const text = await readFile(new URL(name, FIXTURES), 'utf8');
    return [name, JSON.parse(text) as StoredEventFixture] as const;
  };
  const fixtures = await Promise.all(names.sort().map(read));
  return new Map(fixtures.sort(([, a], [, b]) => a.revision - b.revision));
};
