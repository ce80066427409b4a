import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Columns, RowChange } from '../../../src/application/projections/row-change.ts';
import {
  createTableFold,
  type TouchedRows,
} from '../../../src/application/projections/table-fold.ts';
import {
  anyChangeByLookup,
  anyKeyedChange,
  inOrder,
  withoutDuplicates,
} from '../../support/projections/row-change-arbitraries.ts';

const member = (userId: string, role: string): RowChange => ({
  table: 'household_members',
  op: 'insert',
  where: { household_id: 'hh_home', user_id: userId },
  set: { role, joined_at: 't0' },
});
const row = (userId: string, role: string): Columns => ({
  household_id: 'hh_home',
  user_id: userId,
  role,
  joined_at: 't0',
});
const NOTHING = { written: [], removed: [] };
const keyOf = (userId: string): Columns => ({ household_id: 'hh_home', user_id: userId });

const folded = (...changes: readonly RowChange[]) => {
  const fold = createTableFold('household_members');
  for (const change of changes) fold.apply(change);
  return fold;
};

/** The effect of SQL, as a simple model. */
const applyPlainly = (rows: readonly Columns[], change: RowChange): readonly Columns[] => {
  const { op, where, set } = change;
  const isMeant = (candidate: Columns) =>
    Object.entries(where).every(([column, value]) => candidate[column] === value);
  switch (op) {
    case 'update':
      return rows.map((candidate) => (isMeant(candidate) ? { ...candidate, ...set } : candidate));
    case 'delete':
      return rows.filter((candidate) => !isMeant(candidate));
    case 'insert':
    case 'upsert':
      return [...rows.filter((candidate) => !isMeant(candidate)), { ...where, ...set }];
  }
};

/** Drops repeated inserts over all batches, which SQL refuses. */
const inBatches = (any: readonly (readonly RowChange[])[]): readonly (readonly RowChange[])[] => {
  const kept = new Set(withoutDuplicates(any.flat()));
  return any.map((batch) => batch.filter((change) => kept.has(change)));
};

describe('a fold of a table', () => {
  it('contains the inserted rows', () =>
    expect([...folded(member('ann', 'owner'), member('ben', 'viewer')).rows()]).toStrictEqual([
      row('ann', 'owner'),
      row('ben', 'viewer'),
    ]));

  it('finds a row by its key in any order of columns', () =>
    expect([
      ...folded(member('ann', 'owner'), {
        table: 'household_members',
        op: 'update',
        where: { user_id: 'ann', household_id: 'hh_home' },
        set: { role: 'admin' },
      }).rows(),
    ]).toStrictEqual([row('ann', 'admin')]));

  it('distinguishes keys that would be equal when joined', () => {
    const at = (household_id: string, user_id: string): RowChange => ({
      ...member('', 'owner'),
      where: { household_id, user_id },
    });
    expect([...folded(at('a,b', 'c'), at('a', 'b,c')).rows()]).toHaveLength(2);
  });

  it('refuses a change by other columns than key or lookup', () => {
    const diverged: RowChange = {
      table: 'household_members',
      op: 'delete',
      where: { user_id: 'ann' },
      set: {},
    };
    expect(() => folded(diverged)).toThrow(
      new TypeError('household_members has no lookup by user_id'),
    );
  });

  it('has the same rows as SQL after changes by key and by lookup', () => {
    const changes = fc.array(fc.oneof(anyKeyedChange, anyKeyedChange, anyChangeByLookup));
    fc.assert(
      fc.property(changes, (any) => {
        const fold = createTableFold('refresh_tokens');
        for (const change of withoutDuplicates(any)) fold.apply(change);
        const plain = withoutDuplicates(any).reduce(applyPlainly, []);
        expect(inOrder(fold.rows())).toStrictEqual(inOrder(plain));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the changed rows of a fold', () => {
  it('are returned once, with their current values', () => {
    const fold = folded(member('ann', 'owner'), member('ben', 'viewer'), {
      ...member('ben', 'admin'),
      op: 'upsert',
    });
    expect(fold.takeTouched()).toStrictEqual({
      written: [row('ann', 'owner'), row('ben', 'admin')],
      removed: [],
    });
    expect(fold.takeTouched()).toStrictEqual(NOTHING);
  });

  it('contain a removed row by its key', () => {
    const fold = folded(member('ann', 'owner'));
    fold.takeTouched();
    fold.apply({ ...member('ann', ''), op: 'delete', set: {} });
    expect(fold.takeTouched()).toStrictEqual({ written: [], removed: [keyOf('ann')] });
  });

  it('do not contain a missing row', () => {
    const fold = folded();
    fold.apply({ ...member('ann', ''), op: 'delete', set: {} });
    fold.apply({ ...member('ann', 'admin'), op: 'update' });
    expect(fold.takeTouched()).toStrictEqual(NOTHING);
  });

  it('bring a copy up to date', () => {
    const changes = fc.array(fc.oneof(anyKeyedChange, anyKeyedChange, anyChangeByLookup));
    fc.assert(
      fc.property(fc.array(changes, { maxLength: 5 }), (batches) => {
        const fold = createTableFold('refresh_tokens');
        const copy = new Map<unknown, Columns>();
        for (const batch of batches) {
          for (const change of batch) fold.apply(change);
          const { written, removed } = fold.takeTouched();
          for (const { id } of removed) copy.delete(id);
          for (const current of written) copy.set(current.id, current);
          expect(inOrder(copy.values())).toStrictEqual(inOrder(fold.rows()));
        }
      }),
    );
  });
});

describe('a fold with evicted rows', () => {
  /** The evicted rows that the caller stores, in place of a staging table. */
  const elsewhere = () => {
    const kept = new Map<unknown, Columns>();
    return {
      kept,
      keep: ({ written, removed }: TouchedRows) => {
        for (const { id } of removed) kept.delete(id);
        for (const current of written) kept.set(current.id, current);
      },
      find: (addresses: readonly Columns[]) =>
        [...kept.values()].filter((candidate) =>
          addresses.some((where) =>
            Object.entries(where).every(([column, value]) => candidate[column] === value),
          ),
        ),
    };
  };

  it('has the same result as one without, however few rows it keeps', () => {
    const changes = fc.array(fc.oneof(anyKeyedChange, anyKeyedChange, anyChangeByLookup));
    // Number of rows kept after each batch; null: no row is evicted.
    const anyKeeps = fc.array(fc.option(fc.nat({ max: 3 })), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(changes), anyKeeps, (any, keeps) => {
        const whole = createTableFold('refresh_tokens');
        const small = createTableFold('refresh_tokens');
        const shadow = elsewhere();
        for (const [n, batch] of inBatches(any).entries()) {
          small.restore(shadow.find(small.findEvicted(batch)));
          for (const change of batch) {
            whole.apply(change);
            small.apply(change);
          }
          const keep = keeps[n % keeps.length] ?? null;
          if (keep === null) continue;
          shadow.keep(small.evict(keep));
          expect(small.size()).toBeLessThanOrEqual(keep);
          expect(inOrder(shadow.kept.values())).toStrictEqual(inOrder(whole.rows()));
        }
        shadow.keep(small.takeTouched());
        expect(inOrder(shadow.kept.values())).toStrictEqual(inOrder(whole.rows()));
      }),
      { numRuns: 1_000 },
    );
  });

  it('requests no row in memory, and none at all before the first eviction', () => {
    const fold = folded(member('ann', 'owner'), member('ben', 'viewer'));
    const leaves: RowChange = { ...member('ann', ''), op: 'delete', set: {} };
    const ends: RowChange = { ...leaves, where: { household_id: 'hh_home' } };
    expect(fold.findEvicted([leaves, ends])).toStrictEqual([]);
    fold.evict(1);
    expect([...fold.rows()]).toStrictEqual([row('ben', 'viewer')]);
    const renamed: RowChange = { ...member('ben', ''), op: 'update' };
    expect(fold.findEvicted([leaves, renamed, ends, leaves])).toStrictEqual([
      keyOf('ann'),
      { household_id: 'hh_home' },
    ]);
  });

  it('keeps the rows written last', () => {
    const fold = folded(member('ann', 'owner'), member('ben', 'viewer'), {
      ...member('ann', 'admin'),
      op: 'update',
    });
    fold.evict(1);
    expect([...fold.rows()]).toStrictEqual([row('ann', 'admin')]);
  });
});

describe('expired rows', () => {
  const token = (id: string, expiresAt: string): RowChange => ({
    table: 'refresh_tokens',
    op: 'insert',
    where: { id },
    set: { token_family: 'family', expires_at: expiresAt },
  });

  it('are not kept', () => {
    const fold = createTableFold('refresh_tokens', '2026-01-02T00:00:00.000Z');
    for (const n of [1, 2, 3]) fold.apply(token(`a.${n}`, `2026-01-0${n}T00:00:00.000Z`));
    fold.apply({ ...token('a.3', '2026-01-01T23:59:59.999Z'), op: 'upsert' });
    expect([...fold.rows()].map(({ id }) => id)).toStrictEqual(['a.2']);
    expect(fold.takeTouched().removed).toStrictEqual([{ id: 'a.3' }]);
  });

  it('are kept where a later event may extend them', () => {
    const fold = createTableFold('sessions', '2026-01-02T00:00:00.000Z');
    const set = { expires_at: '2026-01-01T00:00:00.000Z' };
    fold.apply({ table: 'sessions', op: 'insert', where: { id: 'a' }, set });
    expect([...fold.rows()]).toHaveLength(1);
  });
});
