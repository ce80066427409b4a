import { describe, expect, it } from 'vitest';
import { eventDefinitions } from '../../../src/adapters/event-store/schemas/event-definitions.ts';
import { defaultHouseholdProjection } from '../../../src/application/projections/default-household-projection.ts';
import { householdInvitationsProjection } from '../../../src/application/projections/household-invitations-projection.ts';
import { householdsProjection } from '../../../src/application/projections/households-projection.ts';
import { identifierClaimsProjection } from '../../../src/application/projections/identifier-claims-projection.ts';
import { projectEvent } from '../../../src/application/projections/project-event.ts';
import {
  projectedTable,
  projectedTables,
} from '../../../src/application/projections/projected-tables.ts';
import type { RowChange } from '../../../src/application/projections/row-change.ts';
import { usersProjection } from '../../../src/application/projections/users-projection.ts';
import {
  everyEvent,
  familyStream,
  householdCreated,
  householdStream,
  userStream,
} from '../../support/events/projected-event-fixtures.ts';
import { rotated, started } from '../../support/events/token-family-fixtures.ts';
import { registered } from '../../support/events/user-fixtures.ts';
import { deepFreeze } from '../../support/kernel/deep-freeze.ts';

const everyChange = everyEvent.flatMap((projected) =>
  projectEvent(deepFreeze(projected)).map((change) => ({ stream: projected.stream, change })),
);
const sorted = (names: Iterable<string>) => [...names].sort();

describe('every event type', () => {
  it('has an example', () =>
    expect(sorted(new Set(everyEvent.map(({ event }) => event.type)))).toStrictEqual(
      sorted(Object.keys(eventDefinitions)),
    ));

  it('is projected to the same changes twice', () => {
    for (const projected of everyEvent) {
      expect(projectEvent(projected)).toStrictEqual(projectEvent(projected));
    }
  });

  it('is projected so that every table gets rows', () =>
    expect(sorted(new Set(everyChange.map(({ change }) => change.table)))).toStrictEqual(
      sorted(projectedTables.map(({ name }) => name)),
    ));
});

describe('every row change', () => {
  const addresses = ({ where }: RowChange, columns: readonly string[]) =>
    sorted(Object.keys(where)).join() === sorted(columns).join();

  it.each(everyChange)(
    'of $change.table ($change.op) addresses rows by key or lookup',
    ({ change }) => {
      const { key, lookups } = projectedTable(change.table);
      const ways = change.op === 'update' || change.op === 'delete' ? [key, ...lookups] : [key];
      expect(ways.some((columns) => addresses(change, columns))).toBe(true);
    },
  );

  it.each(everyChange.filter(({ change: { op } }) => op === 'insert' || op === 'upsert'))(
    'of $change.table ($change.op) names every column',
    ({ change: { table, where, set } }) =>
      expect(sorted([...Object.keys(where), ...Object.keys(set)])).toStrictEqual(
        sorted(projectedTable(table).columns),
      ),
  );

  it.each(everyChange.filter(({ change: { op } }) => op === 'update'))(
    'of $change.table (update) does not set the key and sets only known columns',
    ({ change: { table, set } }) => {
      const { key, columns } = projectedTable(table);
      expect(Object.keys(set).filter((column) => key.includes(column))).toStrictEqual([]);
      expect(Object.keys(set).filter((column) => !columns.includes(column))).toStrictEqual([]);
    },
  );

  it('by lookup sets the columns of the lookup to null or not at all', () => {
    const found = everyChange.flatMap(({ change: { op, where, set } }) =>
      op === 'update' ? Object.keys(where).flatMap((name) => (name in set ? [set[name]] : [])) : [],
    );
    expect(found).toStrictEqual([null]);
  });

  it('that updates a row does not set the column of the table’s expiry', () => {
    const moved = everyChange.filter(({ change: { table, op, set } }) => {
      const { expiry } = projectedTable(table);
      return op === 'update' && expiry !== null && expiry.column in set;
    });
    expect(moved).toStrictEqual([]);
  });

  it('of a column comes from one stream category only, apart from its first value', () => {
    const writers = new Map<string, Set<string>>();
    for (const { stream, change } of everyChange) {
      for (const [column, value] of Object.entries(change.set)) {
        if (change.op !== 'update' && value === null) continue;
        const name = `${change.table}.${column}`;
        writers.set(name, (writers.get(name) ?? new Set()).add(stream.category));
      }
    }
    expect([...writers].filter(([, categories]) => categories.size > 1)).toStrictEqual([]);
  });
});

describe('a projected event', () => {
  it('is passed to the projections of its category, in their order', () => {
    const user = { stream: userStream, event: registered };
    expect(projectEvent(user)).toStrictEqual([
      ...usersProjection(user),
      ...identifierClaimsProjection(user),
    ]);
    const household = { stream: householdStream, event: householdCreated };
    expect(projectEvent(household)).toStrictEqual([
      ...householdsProjection(household),
      ...householdInvitationsProjection(household),
      ...defaultHouseholdProjection(household),
    ]);
    const tables = (event: typeof started | ReturnType<typeof rotated>) =>
      projectEvent({ stream: familyStream, event }).map(({ table }) => table);
    expect(tables(started)).toStrictEqual(['sessions', 'refresh_tokens']);
    expect(tables(rotated(1, 60))).toStrictEqual(['sessions', 'refresh_tokens', 'refresh_tokens']);
  });

  it('is refused for a table that is not projected', () =>
    expect(() => projectedTable('streams' as 'users')).toThrow(
      new TypeError('streams is not a projected table'),
    ));
});
