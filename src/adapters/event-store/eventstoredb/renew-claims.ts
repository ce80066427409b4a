import type {
  IdentifierClaim,
  IdentifierClaims,
} from '../../../application/identity/identifier-claims.ts';
import type { RowChange } from '../../../application/projections/row-change.ts';

/**
 * Renews the identifier claims of an append. @returns false when another user holds one of them now
 */
export type RenewClaims = (changes: readonly RowChange[]) => Promise<boolean>;

const claimsIn = (changes: readonly RowChange[]): readonly IdentifierClaim[] => {
  const claims = new Map<string, IdentifierClaim>();
  for (const { table, op, where, set } of changes) {
    if (table !== 'identifier_claims' || op !== 'upsert') continue;
    const kind = where.kind as IdentifierClaim['kind'];
    const value = String(where.value);
    claims.set(`${kind} ${value}`, { kind, value, userId: String(set.user_id) });
  }
  return [...claims.values()];
};

/**
 * Claims the identifiers in an append's row changes again, for longer than an append to
 * EventStoreDB may take, so that no event is stored whose rows would violate a unique index.
 */
export const createRenewClaims =
  ({ claim }: Pick<IdentifierClaims, 'claim'>): RenewClaims =>
  async (changes) => {
    const wanted = claimsIn(changes);
    return wanted.length === 0 || (await claim(wanted)).length === wanted.length;
  };
