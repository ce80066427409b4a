import { describe, expect, it } from 'vitest';
import { householdsProjection } from '../../../src/application/projections/households-projection.ts';
import { householdCreated, householdStream } from '../../support/projected-event-fixtures.ts';
import { START } from '../../support/token-family-fixtures.ts';

describe('the tables of households', () => {
  it.each([true, false])('get a household and its owner (home: %s)', (home) =>
    expect(
      householdsProjection({
        stream: householdStream,
        event: { ...householdCreated, data: { ...householdCreated.data, home } },
      }),
    ).toStrictEqual([
      {
        table: 'households',
        op: 'insert',
        where: { id: 'hh_home' },
        set: {
          name: 'Ann and Ben',
          owner_id: 'user_ann',
          created_at: START,
          updated_at: START,
        },
      },
      {
        table: 'household_members',
        op: 'insert',
        where: { household_id: 'hh_home', user_id: 'user_ann' },
        set: { role: 'owner', joined_at: START },
      },
    ]),
  );
});
