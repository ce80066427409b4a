import { describe, expect, it } from 'vitest';
import { defaultHouseholdProjection } from '../../../src/application/projections/default-household-projection.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import {
  flatCreated,
  flatEvents,
  flatStream,
  householdDeleted,
  memberAdded,
} from '../../support/events/household-event-fixtures.ts';
import {
  householdCreated,
  householdStream,
} from '../../support/events/projected-event-fixtures.ts';

const rowsOf = (event: HouseholdEvent, stream = flatStream) =>
  defaultHouseholdProjection({ stream, event });

const update = (where: object, home: string | null) => [
  { table: 'users', op: 'update', where, set: { household_id: home } },
];

describe('the default household of a user', () => {
  it('is the one created with the account', () =>
    expect(rowsOf(householdCreated, householdStream)).toStrictEqual(
      update({ id: 'user_ann' }, 'hh_home'),
    ));

  it('is not a household created later', () => expect(rowsOf(flatCreated)).toStrictEqual([]));

  it('is the one that a user without a default household joins', () => {
    expect(rowsOf(memberAdded)).toStrictEqual(update({ id: 'user_ben' }, 'hh_flat'));
    const besides = { ...memberAdded, data: { ...memberAdded.data, home: false } };
    expect(rowsOf(besides)).toStrictEqual([]);
  });

  it('is removed when the household is deleted', () =>
    expect(rowsOf(householdDeleted)).toStrictEqual(update({ household_id: 'hh_flat' }, null)));

  it('is not changed by any other event', () =>
    expect(flatEvents.filter((event) => rowsOf(event).length > 0)).toStrictEqual([
      memberAdded,
      householdDeleted,
    ]));
});
