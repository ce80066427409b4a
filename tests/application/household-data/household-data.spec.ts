import { describe, expect, it } from 'vitest';
import { createHouseholdData } from '../../../src/application/household-data/household-data.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { DomainError } from '../../../src/domain/domain-error.ts';
import type { HouseholdRole } from '../../../src/domain/household/household-events.ts';
import { ANN, CAT, STRANGER } from '../../support/events/household-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createInMemoryHouseholdScope,
  notes,
} from '../../support/household-data/in-memory-household-scope.ts';
import { createSessionServices } from '../../support/sessions/session-services.ts';

const FLAT = 'hh_flat';
const OTHER = 'hh_other';
const VIEWER = 'user_viewer';

const roles = new Map<string, HouseholdRole>([
  [`${FLAT} ${ANN}`, 'owner'],
  [`${FLAT} ${CAT}`, 'member'],
  [`${FLAT} ${VIEWER}`, 'viewer'],
  [`${OTHER} ${ANN}`, 'owner'],
]);

const asCat = { userId: CAT, householdId: FLAT };
const asViewer = { userId: VIEWER, householdId: FLAT };
const elsewhere = { userId: ANN, householdId: OTHER };
const list = { filter: {}, after: undefined, limit: 10 };

const setUp = () => {
  const { ids, clock } = createSessionServices();
  const { inHousehold, rows } = createInMemoryHouseholdScope(roles);
  return { data: createHouseholdData({ inHousehold, ids, clock }), clock, rows };
};

const milk = {
  title: 'Milk',
  done: false,
  id: 'note-1',
  householdId: FLAT,
  userId: CAT,
  createdAt: START,
  updatedAt: START,
};

describe('the rows of the active household', () => {
  it('take the default of a boolean that a member does not give', async () => {
    const { data } = setUp();
    expect(await data.create(asCat, notes, { title: 'Milk' })).toStrictEqual(milk);
    expect(await data.create(asCat, notes, { title: 'Bread', done: true })).toMatchObject({
      id: 'note-2',
      done: true,
    });
  });

  it('change where a value is given, and keep the others', async () => {
    const { data, clock } = setUp();
    await data.create(asCat, notes, { title: 'Milk' });
    clock.advance(60);
    expect(await data.update(asCat, notes, 'note-1', { done: true })).toStrictEqual({
      ...milk,
      done: true,
      updatedAt: at(60),
    });
  });

  it('are read and listed by a viewer', async () => {
    const { data } = setUp();
    await data.create(asCat, notes, { title: 'Milk' });
    expect(await data.read(asViewer, notes, 'note-1')).toStrictEqual(milk);
    expect(await data.list(asViewer, notes, list)).toStrictEqual({
      records: [milk],
      next: undefined,
    });
  });

  it('are removed once', async () => {
    const { data, rows } = setUp();
    await data.create(asCat, notes, { title: 'Milk' });
    await data.remove(asCat, notes, 'note-1');
    expect(rows()).toStrictEqual([]);
    await expect(data.remove(asCat, notes, 'note-1')).rejects.toStrictEqual(
      new ApplicationError('record_not_found'),
    );
  });
});

describe('the rows of another household', () => {
  it('are not found, read, changed or removed', async () => {
    const { data, rows } = setUp();
    await data.create(asCat, notes, { title: 'Milk' });
    const notFound = new ApplicationError('record_not_found');
    expect(await data.list(elsewhere, notes, list)).toMatchObject({ records: [] });
    await expect(data.read(elsewhere, notes, 'note-1')).rejects.toStrictEqual(notFound);
    await expect(data.update(elsewhere, notes, 'note-1', { done: true })).rejects.toStrictEqual(
      notFound,
    );
    await expect(data.remove(elsewhere, notes, 'note-1')).rejects.toStrictEqual(notFound);
    expect(rows()).toHaveLength(1);
  });
});

describe('the rows of a household for a caller who may not write', () => {
  it('are not created, changed or removed by a viewer', async () => {
    const { data, rows } = setUp();
    await data.create(asCat, notes, { title: 'Milk' });
    const refusal = new DomainError('household_role_insufficient');
    await expect(data.create(asViewer, notes, { title: 'Bread' })).rejects.toStrictEqual(refusal);
    await expect(data.update(asViewer, notes, 'note-1', {})).rejects.toStrictEqual(refusal);
    await expect(data.remove(asViewer, notes, 'note-1')).rejects.toStrictEqual(refusal);
    expect(rows().map(({ record }) => record)).toStrictEqual([milk]);
  });

  it.each([
    ['whose access token names no household', { userId: CAT, householdId: null }],
    ['who is not a member any more', { userId: STRANGER, householdId: FLAT }],
  ])('are closed to a user %s', async (_, asking) => {
    const { data } = setUp();
    const refusal = new ApplicationError('household_required');
    for (const attempt of [
      async () => data.list(asking, notes, list),
      async () => data.read(asking, notes, 'note-1'),
      async () => data.create(asking, notes, { title: 'Milk' }),
      async () => data.update(asking, notes, 'note-1', {}),
      async () => data.remove(asking, notes, 'note-1'),
    ]) {
      await expect(attempt()).rejects.toStrictEqual(refusal);
    }
  });
});

describe('a row that would refer to itself', () => {
  it('is refused like a reference to a row that does not exist', async () => {
    const { data } = setUp();
    await data.create(asCat, notes, { title: 'Milk' });
    await expect(data.update(asCat, notes, 'note-1', { aboveId: 'note-1' })).rejects.toStrictEqual(
      new ApplicationError('reference_not_found'),
    );
    await data.create(asCat, notes, { title: 'Bread' });
    expect(await data.update(asCat, notes, 'note-1', { aboveId: 'note-2' })).toMatchObject({
      aboveId: 'note-2',
    });
  });
});
