import { createPostgresAdoptableDatabases } from '../adapters/adoption/postgres-adoptable-databases.ts';
import { readPasswordHash } from '../adapters/hashing/password-hash-format.ts';
import { createPostgresIdentifierClaims } from '../adapters/postgres/identity/postgres-identifier-claims.ts';
import { createImportChecksum } from '../adapters/system/imported-user-ids.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createAdoptDatabase } from '../application/adopting/adopt-database.ts';
import { createAdoptUsers } from '../application/adopting/adopt-users.ts';
import { createAdoptionFollowUp } from '../application/adopting/adoption-follow-up.ts';
import { declaredColumns } from '../application/adopting/declared-columns.ts';
import { createFillDefaultHousehold } from '../application/adopting/default-household.ts';
import { createInspectDatabase } from '../application/adopting/inspect-database.ts';
import { createReadOldUser } from '../application/adopting/old-user.ts';
import { createPrepareAdoptedAccount } from '../application/adopting/prepare-adopted-account.ts';
import { declaredTables } from '../application/household-data/declared-tables.ts';
import { createPrepareImportedAccount } from '../application/importing/prepare-imported-account.ts';
import { createStoreImportedUsers } from '../application/importing/store-imported-users.ts';
import { requireMasterKey } from '../server/health/startup-failure.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

const schemeOf = (hash: string): string | undefined => readPasswordHash(hash)?.scheme;

/** Registers the adoption of a database that has users of its own, and its follow-up commands. */
export const provideAdopting: CompositionModule = (provide, _config, { masterKeys }) => {
  const declared = declaredColumns(declaredTables);
  const names = declaredTables.map(({ name }) => name);
  const checksumOf = createImportChecksum(deriveKeyRing(masterKeys, 'import-checksums').current);
  const readOldUser = createReadOldUser({ schemeOf, checksumOf });
  provide(tokens.adoptionFollowUp, (get) =>
    createAdoptionFollowUp({
      databases: createPostgresAdoptableDatabases(get(tokens.database), names),
      readOldUser,
      schemeOf,
    }),
  );
  provide(tokens.adoptDatabase, (get) => {
    const databases = createPostgresAdoptableDatabases(get(tokens.database), names);
    const commands = get(tokens.commands);
    const clock = get(tokens.clock);
    const ids = get(tokens.ids);
    const directory = get(tokens.importDirectory);
    const storing = { commands, directory, clock };
    const claims = createPostgresIdentifierClaims(get(tokens.database));
    return createAdoptDatabase({
      databases,
      inspect: createInspectDatabase({ declared, readOldUser, schemeOf }),
      adoptUsers: createAdoptUsers({
        readOldUser,
        schemeOf,
        directory,
        storeImportedUsers: {
          default: createStoreImportedUsers({
            ...storing,
            claims,
            prepareImportedAccount: createPrepareAdoptedAccount({ commands }),
          }),
          'per-user': createStoreImportedUsers({
            ...storing,
            claims,
            prepareImportedAccount: createPrepareImportedAccount({ commands, ids }),
          }),
        },
        fillDefaultHousehold: createFillDefaultHousehold({ commands, clock }),
      }),
      openKeys: () =>
        requireMasterKey(async () => {
          await get(tokens.signingKeyStore).ensureKeys();
          await get(tokens.signingKeyStore).load();
        }),
      ids,
      clock,
    });
  });
};
