import type { StreamId } from '../../src/application/ports/event-store.ts';
import type { ProjectedEvent } from '../../src/application/projections/row-change.ts';
import type { HouseholdCreated } from '../../src/domain/household/household-events.ts';
import type {
  DisplayNameChanged,
  PasswordRehashed,
  UserDeactivated,
  UsernameChanged,
  UserReactivated,
} from '../../src/domain/user/user-events.ts';
import {
  at,
  laptop,
  replayed,
  revoked,
  rotated,
  START,
  span,
  started,
  stranger,
  theftDetected,
} from './token-family-fixtures.ts';
import { failed, locked, newerHash, registered } from './user-fixtures.ts';

export const userStream: StreamId = { category: 'user', id: 'user_ann' };
export const householdStream: StreamId = { category: 'household', id: 'hh_home' };
export const familyStream: StreamId = {
  category: 'tokenFamily',
  id: '01980a5c-1111-7222-8333-444444444444',
};

export const displayNameChanged: DisplayNameChanged = {
  type: 'DisplayNameChanged',
  data: { displayName: 'Anna', changedAt: at(10) },
};
export const usernameChanged: UsernameChanged = {
  type: 'UsernameChanged',
  data: { username: 'anna', previous: 'ann', changedAt: at(11) },
};
export const rehashed: PasswordRehashed = {
  type: 'PasswordRehashed',
  data: { passwordHash: newerHash, rehashedAt: at(12) },
};
export const deactivated: UserDeactivated = {
  type: 'UserDeactivated',
  data: { deactivatedAt: at(13) },
};
export const reactivated: UserReactivated = {
  type: 'UserReactivated',
  data: { reactivatedAt: at(14) },
};
export const householdCreated: HouseholdCreated = {
  type: 'HouseholdCreated',
  data: { name: 'Ann and Ben', ownerId: 'user_ann', home: true, createdAt: START },
};
export const theft = theftDetected(
  {
    cause: 'other_client',
    presented: 0,
    current: 1,
    ageSeconds: 5,
    presenter: stranger,
    holder: laptop,
  },
  65,
);

const on = (stream: StreamId, ...events: readonly ProjectedEvent['event'][]): ProjectedEvent[] =>
  events.map((event) => ({ stream, event }));

/** Every event type there is, in an order in which they can happen. */
export const everyEvent: readonly ProjectedEvent[] = [
  ...on(userStream, registered),
  ...on(householdStream, householdCreated),
  ...on(
    userStream,
    displayNameChanged,
    usernameChanged,
    rehashed,
    failed(12),
    locked(12),
    deactivated,
    reactivated,
  ),
  ...on(
    familyStream,
    started,
    rotated(1, 60),
    replayed(1, 61),
    theft,
    revoked('theft', 65, [span(0, 1, 60)]),
  ),
];
