import { isReadableHash } from '../adapters/hashing/password-hash-format.ts';
import {
  createImportChecksum,
  createImportedUserIds,
} from '../adapters/system/imported-user-ids.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createCheckImport } from '../application/importing/check-import.ts';
import { createImportUsers } from '../application/importing/import-users.ts';
import { createParseImportLine } from '../application/importing/parse-import-line.ts';
import { createPrepareImportedAccount } from '../application/importing/prepare-imported-account.ts';
import { createStoreImportedUsers } from '../application/importing/store-imported-users.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** Registers the import of users from another system. */
export const provideImporting: CompositionModule = (provide, _config, { masterKeys }) => {
  const keyFor = (purpose: string) => deriveKeyRing(masterKeys, purpose).current;
  provide(tokens.importUsers, (get) => {
    const parseLine = createParseImportLine({
      isReadableHash,
      checksumOf: createImportChecksum(keyFor('import-checksums')),
      userIdFor: createImportedUserIds(keyFor('imported-user-ids')),
    });
    const commands = get(tokens.commands);
    const clock = get(tokens.clock);
    const directory = get(tokens.importDirectory);
    return createImportUsers({
      parseLine,
      checkImport: createCheckImport({ parseLine, directory }),
      storeImportedUsers: createStoreImportedUsers({
        commands,
        prepareImportedAccount: createPrepareImportedAccount({ commands, ids: get(tokens.ids) }),
        claims: get(tokens.identifierClaims),
        directory,
        clock,
      }),
      clock,
    });
  });
};
