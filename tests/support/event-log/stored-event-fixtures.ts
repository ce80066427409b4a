import { readdir, readFile } from 'node:fs/promises';
import { createEventCodec } from '../../../src/adapters/event-store/event-codec.ts';
import { createEventRegistry } from '../../../src/adapters/event-store/event-registry.ts';
import { createPersonalDataCipher } from '../../../src/adapters/event-store/personal-data-cipher.ts';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import type { StoredEvent } from '../../../src/adapters/event-store/stored-event.ts';
import { deriveKeyRing, parseMasterKey } from '../../../src/adapters/system/master-key.ts';
import {
  type StreamCategory,
  streamCategories,
} from '../../../src/application/kernel/event-store.ts';

const FOLDERS: Readonly<Record<StreamCategory, URL>> = {
  user: new URL('../fixtures/stored-events/user/', import.meta.url),
  household: new URL('../fixtures/stored-events/household/', import.meta.url),
  tokenFamily: new URL('../fixtures/stored-events/token-family/', import.meta.url),
};

/**
 * One event as an earlier version stored it, and its data after upcasting to the latest version.
 */
export type StoredEventFixture = Readonly<{
  stream: string;
  revision: number;
  /** The wrapped data key of the user whose personal data the event holds. */
  subjectKey: string | null;
  stored: StoredEvent;
  decoded: Readonly<Record<string, unknown>>;
}>;

/** Must never change: the fixtures are encrypted under it. */
const MASTER_KEY = 'V7yroLZZuF6AB09bCPQZ1kc8d5MVRUzKo0cjSVHW9rw=';

export const fixtureRegistry = createEventRegistry(eventDefinitions);
export const fixtureCodec = createEventCodec(
  fixtureRegistry,
  createPersonalDataCipher(deriveKeyRing([parseMasterKey(MASTER_KEY)], 'subject-keys')),
);

export const fixtureName = (type: string, version: number): string => `${type}.v${version}.json`;

/** Where the fixture `name` of an event of `category` is stored: one folder per stream category. */
export const fixtureFile = (category: StreamCategory, name: string): URL =>
  new URL(name, FOLDERS[category]);

const readFixture = async (file: URL): Promise<StoredEventFixture> =>
  JSON.parse(await readFile(file, 'utf8')) as StoredEventFixture;

const filesOf = async (category: StreamCategory) => {
  const names = await readdir(FOLDERS[category]);
  return names.map((name) => ({ name, file: fixtureFile(category, name) }));
};

/** Reads all fixtures by file name, ordered by their revisions, then by name. */
export const readFixtures = async (): Promise<ReadonlyMap<string, StoredEventFixture>> => {
  const files = (await Promise.all(streamCategories.map(filesOf))).flat();
  const read = files.map(async ({ name, file }) => [name, await readFixture(file)] as const);
  const fixtures = await Promise.all(read);
  return new Map(
    fixtures.sort(([name, a], [other, b]) =>
      a.revision === b.revision ? (name < other ? -1 : 1) : a.revision - b.revision,
    ),
  );
};
