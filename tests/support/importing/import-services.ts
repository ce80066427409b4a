import type { IdentifierClaims } from '../../../src/application/identity/identifier-claims.ts';
import { createCheckImport } from '../../../src/application/importing/check-import.ts';
import type {
  ImportDirectory,
  KnownKey,
} from '../../../src/application/importing/import-directory.ts';
import type { ImportLine, ImportSource } from '../../../src/application/importing/import-source.ts';
import { createImportUsers } from '../../../src/application/importing/import-users.ts';
import {
  createParseImportLine,
  type ImportableUser,
} from '../../../src/application/importing/parse-import-line.ts';
import { createPrepareImportedAccount } from '../../../src/application/importing/prepare-imported-account.ts';
import { createStoreImportedUsers } from '../../../src/application/importing/store-imported-users.ts';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import type { EventStore } from '../../../src/application/kernel/event-store.ts';
import { START } from '../events/token-family-fixtures.ts';
import { hash } from '../events/user-fixtures.ts';
import { createSessionServices } from '../sessions/session-services.ts';

const FILE_NAME = 'users.jsonl';

export const toImportLine = (text: string, number = 1): ImportLine => ({ number, end: 0, text });

/** A file of these lines; objects are written as JSON. */
export const importSource = (...lines: readonly (string | object)[]): ImportSource => ({
  name: FILE_NAME,
  bytes: 0,
  lines: async function* () {
    for (const [index, line] of lines.entries()) {
      yield toImportLine(typeof line === 'string' ? line : JSON.stringify(line), index + 1);
    }
  },
});

/** Parses like the service, with readable checksums and ids. */
export const parseReadably = createParseImportLine({
  isReadableHash: (text) => text === hash,
  checksumOf: (canonical) => `sum of ${canonical}`,
  userIdFor: (checksum) => `user for ${checksum}`,
});

/** The account of a line. */
export const importableUser = (line: object, number = 1): ImportableUser => {
  const parsed = parseReadably(toImportLine(JSON.stringify(line), number), START);
  if ('code' in parsed) throw new TypeError(`this line cannot be imported: ${parsed.code}`);
  return parsed;
};

const keyOf = ({ kind, value }: Readonly<{ kind: string; value: string }>) => `${kind} ${value}`;

/** Claims and a directory over `eventStore`. An existing account has confirmed its claims. */
const createImportPorts = (eventStore: EventStore) => {
  const holders = new Map<string, string>();

  const firstEvent = async (userId: string) => {
    const { events } = await eventStore.readStream({ category: 'user', id: userId });
    return events[0]?.event;
  };

  const checksumOf = async (userId: string): Promise<string | null> => {
    const data = (await firstEvent(userId))?.data ?? {};
    return 'provenance' in data ? (data.provenance as { checksum: string }).checksum : null;
  };

  const claims: IdentifierClaims = {
    claim: async (wanted) =>
      wanted.filter((claim) => {
        const holder = holders.get(keyOf(claim)) ?? claim.userId;
        holders.set(keyOf(claim), holder);
        return holder === claim.userId;
      }),
    release: async (released) => {
      for (const claim of released) {
        const isOwn = holders.get(keyOf(claim)) === claim.userId;
        if (isOwn && (await firstEvent(claim.userId)) === undefined) holders.delete(keyOf(claim));
      }
    },
  };

  const directory: ImportDirectory = {
    find: async (wanted) => {
      const known: KnownKey[] = [];
      for (const key of wanted) {
        const isStream = key.kind === 'id' && (await firstEvent(key.value)) !== undefined;
        const userId = isStream ? key.value : holders.get(keyOf(key));
        if (userId !== undefined) {
          known.push({ ...key, userId, checksum: await checksumOf(userId), erased: false });
        }
      }
      return known;
    },
  };

  return { holders, claims, directory };
};

type Options = Readonly<{
  /** Wraps the store of the import. */
  through?: (store: EventStore) => EventStore;
}>;

/** The import with a store and claims in memory. */
export const createImportServices = ({ through = (same) => same }: Options = {}) => {
  const { eventStore, ids, clock } = createSessionServices();
  const commands = createCommandHandler({ eventStore: through(eventStore), ids });
  const { holders, claims, directory } = createImportPorts(eventStore);
  const prepareImportedAccount = createPrepareImportedAccount({ commands, ids });
  const checkImport = createCheckImport({ parseLine: parseReadably, directory });
  const storeImportedUsers = createStoreImportedUsers({
    commands,
    prepareImportedAccount,
    claims,
    directory,
    clock,
  });
  return {
    commands,
    claims,
    directory,
    prepareImportedAccount,
    checkImport,
    storeImportedUsers,
    importUsers: createImportUsers({
      parseLine: parseReadably,
      checkImport,
      storeImportedUsers,
      clock,
    }),
    clock,
    eventStore,
    /** User ids by claimed key, such as `email ann@example.com`. */
    holders,
    /** Ids of the imported users, in the order of the log. */
    importedUsers: async () => {
      const found: string[] = [];
      for await (const { stream, event } of eventStore.readAll()) {
        if (event.type === 'UserImported') found.push(stream.id);
      }
      return found;
    },
  };
};
