import { createCommonPasswords } from '../adapters/hashing/common-passwords.ts';
import { createKnexUserDirectory } from '../adapters/postgres/identity/knex-user-directory.ts';
import { createPostgresIdentifierRegistry } from '../adapters/postgres/identity/postgres-identifier-registry.ts';
import { createPostgresOneTimeTokenDirectory } from '../adapters/postgres/identity/postgres-one-time-token-directory.ts';
import { createHmacAddressHasher } from '../adapters/system/hmac-address-hasher.ts';
import { deriveKeyRing } from '../adapters/system/master-key.ts';
import { createHmacOneTimeTokenCodec } from '../adapters/tokens/hmac-one-time-token-codec.ts';
import { createAcceptPassword } from '../application/identity/accept-password.ts';
import { createClaimRequestedIdentifiers } from '../application/identity/claim-requested-identifiers.ts';
import { createOneTimeTokens } from '../application/identity/one-time-tokens.ts';
import { createPrepareAccount } from '../application/identity/prepare-account.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/**
 * Registers users, identifiers, passwords and one-time tokens. The hasher is registered by the
 * composition root; account directory and identifier claims depend on the location of the log and
 * are registered with the event store.
 */
export const provideIdentity: CompositionModule = (
  provide,
  { oneTimeTokens: lifetimes },
  { masterKeys },
) => {
  provide(tokens.users, (get) => createKnexUserDirectory(get(tokens.database)));
  provide(tokens.identifiers, (get) =>
    createPostgresIdentifierRegistry(get(tokens.database), get(tokens.identifierClaims)),
  );
  provide(tokens.hashAddress, () =>
    createHmacAddressHasher(deriveKeyRing(masterKeys, 'invitation-addresses')),
  );
  provide(tokens.passwordBlocklist, createCommonPasswords);
  provide(tokens.acceptPassword, (get) => createAcceptPassword(get(tokens.passwordBlocklist)));
  provide(tokens.oneTimeTokenCodec, () =>
    createHmacOneTimeTokenCodec(deriveKeyRing(masterKeys, 'one-time-tokens')),
  );
  provide(tokens.oneTimeTokenDirectory, (get) =>
    createPostgresOneTimeTokenDirectory(get(tokens.database)),
  );
  provide(tokens.oneTimeTokens, (get) =>
    createOneTimeTokens({
      codec: get(tokens.oneTimeTokenCodec),
      directory: get(tokens.oneTimeTokenDirectory),
      lifetimes,
    }),
  );
  provide(tokens.claimRequestedIdentifiers, (get) =>
    createClaimRequestedIdentifiers(get(tokens.identifiers)),
  );
  provide(tokens.prepareAccount, (get) =>
    createPrepareAccount({ commands: get(tokens.commands), ids: get(tokens.ids) }),
  );
};
