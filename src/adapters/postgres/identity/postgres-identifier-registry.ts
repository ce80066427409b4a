import type { IdentifierClaims } from '../../../application/identity/identifier-claims.ts';
import type { IdentifierRegistry } from '../../../application/identity/identifier-registry.ts';
import { ApplicationError } from '../../../application/kernel/errors.ts';
import type { Database } from '../connection/connection.ts';
import { createPostgresIdentifierClaims } from './postgres-identifier-claims.ts';

/** Claims identifiers for one account, all or none. */
export const createPostgresIdentifierRegistry = (
  database: Database,
  claims: IdentifierClaims = createPostgresIdentifierClaims(database),
): IdentifierRegistry => {
  const release: IdentifierRegistry['release'] = (identifiers, userId) =>
    claims.release(identifiers.map((identifier) => ({ ...identifier, userId })));
  return {
    release,
    claim: async (identifiers, userId) => {
      const wanted = identifiers.map((identifier) => ({ ...identifier, userId }));
      const held = await claims.claim(wanted);
      if (held.length === wanted.length) return;
      await release(identifiers, userId);
      throw new ApplicationError('identifier_taken');
    },
  };
};
