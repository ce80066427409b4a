import { describe, expect, it } from 'vitest';
import { householdInvitationsProjection } from '../../../src/application/projections/household-invitations-projection.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import {
  addressHash,
  flatEvents,
  flatStream,
  householdDeleted,
  invitationAccepted,
  invitationDeclined,
  invitationResent,
  invitationRevoked,
  memberInvited,
} from '../../support/events/household-event-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { issuedToken } from '../../support/events/user-fixtures.ts';

const WEEK = 7 * 86_400;
const table = 'household_invitations';

const rowsOf = (event: HouseholdEvent) =>
  householdInvitationsProjection({ stream: flatStream, event });
const hashOf = (number: number) => issuedToken(number, at(0)).tokenHash;

describe('the projected table of invitations', () => {
  it('gets a row per invitation, with neither address nor token', () =>
    expect(rowsOf(memberInvited)).toStrictEqual([
      {
        table,
        op: 'insert',
        where: { id: 'inv_ben' },
        set: {
          household_id: 'hh_flat',
          address_hash: addressHash,
          role: 'member',
          invited_by: 'user_ann',
          created_at: at(102),
          token_hash: hashOf(11),
          expires_at: at(102 + WEEK),
        },
      },
    ]));

  it('gets a row for an invitation without a mail too', () => {
    const event = { ...memberInvited, data: { ...memberInvited.data, mailed: false } };
    expect(rowsOf(event)).toStrictEqual(rowsOf(memberInvited));
  });

  it('contains only the hash of the latest token', () =>
    expect(rowsOf(invitationResent)).toStrictEqual([
      {
        table,
        op: 'update',
        where: { id: 'inv_ben' },
        set: { token_hash: hashOf(12), expires_at: at(200 + WEEK) },
      },
    ]));

  it.each([
    [invitationAccepted, 'inv_ben'],
    [invitationDeclined, 'inv_cid'],
    [invitationRevoked, 'inv_dan'],
  ] as const)('loses the row of a closed invitation: $0.type', (event, id) =>
    expect(rowsOf(event)).toStrictEqual([{ table, op: 'delete', where: { id }, set: {} }]),
  );

  it('loses all rows of a deleted household', () =>
    expect(rowsOf(householdDeleted)).toStrictEqual([
      { table, op: 'delete', where: { household_id: 'hh_flat' }, set: {} },
    ]));

  it('is not changed by any other event', () => {
    const about = flatEvents.filter((event) => rowsOf(event).length > 0);
    expect(about).toStrictEqual([
      memberInvited,
      invitationResent,
      invitationAccepted,
      invitationDeclined,
      invitationRevoked,
      householdDeleted,
    ]);
  });
});
