import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldRowChanges, isKeyed } from '../../../src/application/projections/fold-row-changes.ts';
import type { Columns, RowChange } from '../../../src/application/projections/row-change.ts';
import { createTableFold } from '../../../src/application/projections/table-fold.ts';
import { deepFreeze } from '../../support/kernel/deep-freeze.ts';
import {
  anyKeyedChange,
  inOrder,
  withoutDuplicates,
} from '../../support/projections/row-change-arbitraries.ts';

const claim = (op: RowChange['op'], value: string, set: Columns = {}): RowChange => ({
  table: 'identifier_claims',
  op,
  where: { kind: 'username', value },
  set,
});
const ann = { user_id: 'user_ann', expires_at: null };
const ben = { user_id: 'user_ben', expires_at: null };
const later = { expires_at: 't1' };

describe('folding several changes of one row', () => {
  it.each<[string, RowChange[], RowChange[]]>([
    [
      'an insert takes in later updates',
      [claim('insert', 'ann', ann), claim('update', 'ann', later)],
      [claim('insert', 'ann', { ...ann, ...later })],
    ],
    [
      'an upsert takes in later updates',
      [claim('upsert', 'ann', ann), claim('update', 'ann', later)],
      [claim('upsert', 'ann', { ...ann, ...later })],
    ],
    [
      'updates become one, the later value winning',
      [claim('update', 'ann', ann), claim('update', 'ann', ben)],
      [claim('update', 'ann', ben)],
    ],
    [
      'cancels out an insert and its deletion',
      [claim('insert', 'ann', ann), claim('delete', 'ann')],
      [],
    ],
    [
      'drops updates before a deletion',
      [claim('update', 'ann', later), claim('delete', 'ann')],
      [claim('delete', 'ann')],
    ],
    [
      'keeps a deletion after an upsert, as the row may have existed',
      [claim('upsert', 'ann', ann), claim('delete', 'ann')],
      [claim('delete', 'ann')],
    ],
    [
      'drops an update of a deleted row',
      [claim('delete', 'ann'), claim('update', 'ann', later)],
      [claim('delete', 'ann')],
    ],
    [
      'upserts a row that is deleted and inserted again',
      [claim('delete', 'ann'), claim('insert', 'ann', ben)],
      [claim('upsert', 'ann', ben)],
    ],
    [
      'an upsert of a row just inserted is still an insert',
      [claim('insert', 'ann', ann), claim('upsert', 'ann', ben)],
      [claim('insert', 'ann', ben)],
    ],
    [
      'a row that came and went may come again',
      [claim('insert', 'ann', ann), claim('delete', 'ann'), claim('insert', 'ann', ben)],
      [claim('insert', 'ann', ben)],
    ],
  ])('%s', (_, changes, expected) => expect(foldRowChanges(changes)).toStrictEqual(expected));
});

describe('folding changes of different rows', () => {
  it('keeps them as they are', () => {
    const changes = [
      claim('delete', 'ann'),
      claim('upsert', 'anna', ann),
      { ...claim('upsert', 'ann', ann), where: { kind: 'email', value: 'ann' } },
    ];
    expect(foldRowChanges(changes)).toStrictEqual(changes);
  });

  it('distinguishes rows by their table', () => {
    const insert = (table: 'users' | 'households'): RowChange => ({
      table,
      op: 'insert',
      where: { id: 'same' },
      set: {},
    });
    const changes = [insert('users'), insert('households')];
    expect(foldRowChanges(changes)).toStrictEqual(changes);
  });

  it('results in no change without changes', () => expect(foldRowChanges([])).toStrictEqual([]));
});

describe('a change by lookup', () => {
  const revokeAll: RowChange = {
    table: 'refresh_tokens',
    op: 'update',
    where: { token_family: 'family a' },
    set: { revoked_at: 't1' },
  };
  const session: RowChange = {
    table: 'sessions',
    op: 'update',
    where: { id: 'family a' },
    set: { revoked_at: 't1' },
  };
  const token: RowChange = { ...session, table: 'refresh_tokens' };
  const refusal = new TypeError(
    'changes by lookup cannot be combined with others of the same table',
  );

  it('is not a change by key', () => {
    expect(isKeyed(session)).toBe(true);
    expect(isKeyed(revokeAll)).toBe(false);
  });

  it('is combined with changes of other tables and follows them', () =>
    expect(foldRowChanges([revokeAll, session])).toStrictEqual([session, revokeAll]));

  it('cannot be combined with a change by key of its table, in either order', () => {
    expect(() => foldRowChanges([revokeAll, token])).toThrow(refusal);
    expect(() => foldRowChanges([token, revokeAll])).toThrow(refusal);
  });

  it('is combined with one that looks up another value', () => {
    const other = { ...revokeAll, where: { token_family: 'family b' } };
    expect(foldRowChanges([revokeAll, other])).toStrictEqual([revokeAll, other]);
  });

  it('is merged with a later one of the same value', () => {
    const later = { ...revokeAll, set: { revoked_at: 't2', revoked_reason: 'theft' } };
    expect(foldRowChanges([revokeAll, later])).toStrictEqual([later]);
  });

  it('cannot be combined with one by other columns or with another operation', () => {
    const byUser = { ...revokeAll, where: { user_id: 'user_a' } };
    const removal: RowChange = { ...revokeAll, op: 'delete', set: {} };
    expect(() => foldRowChanges([revokeAll, byUser])).toThrow(refusal);
    expect(() => foldRowChanges([revokeAll, removal])).toThrow(refusal);
  });
});

describe('folding any changes by key', () => {
  const anyHistory = fc
    .tuple(fc.array(anyKeyedChange, { maxLength: 4 }), fc.array(anyKeyedChange))
    .map(([before, changes]) => {
      const all = withoutDuplicates([...before, ...changes]);
      const count = withoutDuplicates(before).length;
      return { before: all.slice(0, count), changes: all.slice(count) };
    });

  const rowsAfter = (changes: readonly RowChange[]) => {
    const fold = createTableFold('refresh_tokens');
    for (const change of changes) fold.apply(change);
    return inOrder(fold.rows());
  };

  it('has the same result as applying them one by one', () => {
    fc.assert(
      fc.property(anyHistory, ({ before, changes }) => {
        const folded = foldRowChanges(deepFreeze(changes));
        expect(rowsAfter([...before, ...folded])).toStrictEqual(rowsAfter([...before, ...changes]));
      }),
      { numRuns: 1_000 },
    );
  });

  it('results in one change per row and inserts no existing row', () => {
    fc.assert(
      fc.property(anyHistory, ({ before, changes }) => {
        const folded = foldRowChanges(changes);
        const ids = folded.map(({ where }) => where.id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(rowsAfter([...before, ...[...folded].reverse()])).toStrictEqual(
          rowsAfter([...before, ...folded]),
        );
        const there = new Set(rowsAfter(before).map(({ id }) => id));
        const inserted = folded.filter(({ op }) => op === 'insert').map(({ where }) => where.id);
        expect(inserted.filter((id) => id !== undefined && there.has(id))).toStrictEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(anyHistory, ({ changes }) => {
        const folded = foldRowChanges(changes);
        expect(foldRowChanges(folded)).toStrictEqual(folded);
      }),
    );
  });
});
