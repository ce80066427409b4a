import fc from 'fast-check';
import type { Columns, RowChange } from '../../../src/application/projections/row-change.ts';

const FAMILIES = ['family a', 'family b'] as const;
const KEYS = ['a.0', 'a.1', 'b.0'] as const;

const anyKey = fc.constantFrom(...KEYS);
const anyText = fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null });
const anySet: fc.Arbitrary<Columns> = fc.dictionary(
  fc.constantFrom('rotated_at', 'revoked_at', 'revoked_reason'),
  anyText,
);

/** A row of `refresh_tokens` without its key. */
const anyRow: fc.Arbitrary<Columns> = fc.record({
  user_id: fc.constant('user_ann'),
  household_id: anyText,
  token_hash: fc.constantFrom('1', '2', '3'),
  token_family: fc.constantFrom(...FAMILIES),
  generation: fc.nat({ max: 3 }),
  issued_at: fc.constant('t0'),
  expires_at: fc.constantFrom('t1', 't2'),
  rotated_at: anyText,
  revoked_at: anyText,
  revoked_reason: anyText,
});

const table = 'refresh_tokens';

/** The id of the row is unrelated to its family here, so that lookups and keys differ. */
export const anyKeyedChange: fc.Arbitrary<RowChange> = fc.oneof(
  fc.record({
    table: fc.constant(table),
    op: fc.constantFrom('insert', 'upsert'),
    where: fc.record({ id: anyKey }),
    set: anyRow,
  }),
  fc.record({
    table: fc.constant(table),
    op: fc.constant('update'),
    where: fc.record({ id: anyKey }),
    set: anySet,
  }),
  fc.record({
    table: fc.constant(table),
    op: fc.constant('delete'),
    where: fc.record({ id: anyKey }),
    set: fc.constant({}),
  }),
);

const byFamily = fc.record({ token_family: fc.constantFrom(...FAMILIES) });

export const anyChangeByLookup: fc.Arbitrary<RowChange> = fc.oneof(
  fc.record({
    table: fc.constant(table),
    op: fc.constant('update'),
    where: byFamily,
    set: anySet,
  }),
  fc.record({
    table: fc.constant(table),
    op: fc.constant('delete'),
    where: byFamily,
    set: fc.constant({}),
  }),
);

/** Only changes that SQL would accept one by one: no second row with the same key. */
export const withoutDuplicates = (changes: readonly RowChange[]): readonly RowChange[] => {
  const present = new Set<unknown>();
  return changes.filter(({ op, where: { id } }) => {
    if (op === 'insert' && present.has(id)) return false;
    if (op === 'insert' || op === 'upsert') present.add(id);
    if (op === 'delete') present.delete(id);
    return true;
  });
};

/** Sorted, so that rows can be compared. */
export const inOrder = (rows: Iterable<Columns>): readonly Columns[] =>
  [...rows].sort((a, b) => String(a.id).localeCompare(String(b.id)));
