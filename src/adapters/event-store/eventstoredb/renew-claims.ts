import type {
  IdentifierClaim,
  IdentifierClaims,
} from '../../../application/identity/identifier-claims.ts';
import type { RowChange } from '../../../application/projections/row-change.ts';

/** @returns false when an identifier is somebody else's by now */
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
 * Before an append to a log that lives elsewhere: what its events make somebody's own is claimed
 * once more, for longer than an append may take. Nothing is stored that the tables could not take.
 */
export const createRenewClaims =
  ({ claim }: Pick<IdentifierClaims, 'claim'>): RenewClaims =>
  async (changes) => {
    const wanted = claimsIn(changes);
    return wanted.length === 0 || (await claim(wanted)).length === wanted.length;
  };
