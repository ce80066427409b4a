import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  foldRowChanges,
  separateLookups,
} from '../../../src/application/projections/fold-row-changes.ts';
import type { RowChange } from '../../../src/application/projections/row-change.ts';
import { createTableFold } from '../../../src/application/projections/table-fold.ts';
import {
  anyChangeByLookup,
  anyKeyedChange,
  inOrder,
  withoutDuplicates,
} from '../../support/projections/row-change-arbitraries.ts';

const keyed = (id: string): RowChange => ({
  table: 'refresh_tokens',
  op: 'update',
  where: { id },
  set: { revoked_at: 't1' },
});
const byFamily = (family: string, op: 'update' | 'delete' = 'update'): RowChange => ({
  table: 'refresh_tokens',
  op,
  where: { token_family: family },
  set: op === 'delete' ? {} : { revoked_at: 't2' },
});
const byHousehold: RowChange = {
  table: 'refresh_tokens',
  op: 'update',
  where: { household_id: 'hh_home' },
  set: { household_id: null },
};
const elsewhere: RowChange = {
  table: 'users',
  op: 'update',
  where: { id: 'user_ann' },
  set: { locale: 'de' },
};

describe('separating changes in their order', () => {
  it.each<[string, RowChange[][]]>([
    ['results in one run when all are by key', [[keyed('a'), elsewhere, keyed('a'), keyed('b')]]],
    ['results in one run when all are by one lookup', [[byFamily('a'), elsewhere, byFamily('b')]]],
    ['begins a new run with a lookup after a key', [[keyed('a'), elsewhere], [byFamily('a')]]],
    ['begins a new run with a key after a lookup', [[byFamily('a'), elsewhere], [keyed('a')]]],
    ['begins a new run with another lookup', [[byFamily('a')], [byHousehold]]],
    ['begins a new run with another operation', [[byFamily('a')], [byFamily('a', 'delete')]]],
    [
      'are cut as often as it changes, and no more',
      [
        [keyed('a'), elsewhere],
        [byFamily('a'), elsewhere],
        [keyed('b'), keyed('c')],
        [byHousehold],
      ],
    ],
    [
      'are cut by what the same run did, not an earlier one',
      [[keyed('a')], [byFamily('a')], [keyed('b'), elsewhere, keyed('c')]],
    ],
  ])('%s', (_, runs) => {
    expect(separateLookups(runs.flat())).toStrictEqual(runs);
  });

  it('results in no run without changes', () => {
    expect(separateLookups([])).toStrictEqual([]);
  });
});

describe('the runs of any changes', () => {
  const anyChanges = fc
    .array(fc.oneof(anyKeyedChange, anyChangeByLookup), { maxLength: 12 })
    .map(withoutDuplicates);

  it('can each be folded and have the same result as the changes one by one', () => {
    fc.assert(
      fc.property(anyChanges, (changes) => {
        const runs = separateLookups(changes);
        expect(runs.flat()).toStrictEqual(changes);
        const folded = createTableFold('refresh_tokens');
        for (const run of runs) for (const change of foldRowChanges(run)) folded.apply(change);
        const plain = createTableFold('refresh_tokens');
        for (const change of changes) plain.apply(change);
        expect(inOrder(folded.rows())).toStrictEqual(inOrder(plain.rows()));
      }),
    );
  });
});
