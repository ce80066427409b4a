import { describe, expect, it } from 'vitest';
import { householdsProjection } from '../../../src/application/projections/households-projection.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import {
  flatStream,
  householdDeleted,
  invitationAccepted,
  invitationDeclined,
  invitationResent,
  invitationRevoked,
  memberAdded,
  memberInvited,
  memberRemoved,
  memberRoleChanged,
  ownershipTransferred,
  renamed,
} from '../../support/events/household-event-fixtures.ts';
import {
  householdCreated,
  householdStream,
} from '../../support/events/projected-event-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';

const rowsOf = (event: HouseholdEvent) => householdsProjection({ stream: flatStream, event });

const household = (set: object) => ({
  table: 'households',
  op: 'update',
  where: { id: 'hh_flat' },
  set,
});
const member = (op: string, userId: string, set: object) => ({
  table: 'household_members',
  op,
  where: { household_id: 'hh_flat', user_id: userId },
  set,
});

describe('the projected tables of households', () => {
  it.each([true, false])('get rows for a new household and its owner (home: %s)', (home) =>
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

  it.each<[HouseholdEvent, object[]]>([
    [renamed, [household({ name: 'Flat-share', updated_at: at(101) })]],
    [memberAdded, [member('insert', 'user_ben', { role: 'member', joined_at: at(201) })]],
    [memberRoleChanged, [member('update', 'user_ben', { role: 'admin' })]],
    [
      ownershipTransferred,
      [
        household({ owner_id: 'user_ben', updated_at: at(205) }),
        member('update', 'user_ann', { role: 'admin' }),
        member('update', 'user_ben', { role: 'owner' }),
      ],
    ],
    [memberRemoved, [member('delete', 'user_ann', {})]],
    [
      householdDeleted,
      [
        { table: 'household_members', op: 'delete', where: { household_id: 'hh_flat' }, set: {} },
        { table: 'households', op: 'delete', where: { id: 'hh_flat' }, set: {} },
      ],
    ],
  ])('are changed by $type', (event, rows) => expect(rowsOf(event)).toStrictEqual(rows));

  it.each<HouseholdEvent>([
    memberInvited,
    invitationResent,
    invitationAccepted,
    invitationDeclined,
    invitationRevoked,
  ])('are not changed by $type', (event) => expect(rowsOf(event)).toStrictEqual([]));
});
