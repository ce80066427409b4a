import { describe, expect, it } from 'vitest';
import { identifierClaimsProjection } from '../../../src/application/projections/identifier-claims-projection.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  deactivated,
  displayNameChanged,
  reactivated,
  rehashed,
  usernameChanged,
  userStream,
} from '../../support/projected-event-fixtures.ts';
import { failed, locked, registered } from '../../support/user-fixtures.ts';

const project = (event: UserEvent) => identifierClaimsProjection({ stream: userStream, event });

const confirmed = (kind: 'email' | 'username', value: string) => ({
  table: 'identifier_claims',
  op: 'upsert',
  where: { kind, value },
  set: { user_id: 'user_ann', expires_at: null },
});
const freed = (value: string) => ({
  table: 'identifier_claims',
  op: 'delete',
  where: { kind: 'username', value },
  set: {},
});

describe('the claims on identifiers', () => {
  it('are confirmed by a registration', () =>
    expect(project(registered)).toStrictEqual([
      confirmed('email', 'ann@example.com'),
      confirmed('username', 'ann'),
    ]));

  it('are only confirmed for what there is', () => {
    const without = (absent: Partial<typeof registered.data>) =>
      project({ ...registered, data: { ...registered.data, ...absent } });
    expect(without({ username: null })).toStrictEqual([confirmed('email', 'ann@example.com')]);
    expect(without({ email: null })).toStrictEqual([confirmed('username', 'ann')]);
    expect(without({ email: null, username: null })).toStrictEqual([]);
  });

  it('free the old username before they confirm the new one', () =>
    expect(project(usernameChanged)).toStrictEqual([freed('ann'), confirmed('username', 'anna')]));

  it('free nothing for a first username', () =>
    expect(
      project({ ...usernameChanged, data: { ...usernameChanged.data, previous: null } }),
    ).toStrictEqual([confirmed('username', 'anna')]));

  it('neither confirm nor free what was erased', () => {
    const erased = '[erased]';
    const registration = { ...registered.data, email: erased, username: erased };
    expect(project({ ...registered, data: registration })).toStrictEqual([]);
    const change = { ...usernameChanged.data, username: erased, previous: erased };
    expect(project({ ...usernameChanged, data: change })).toStrictEqual([]);
  });

  it.each<UserEvent>([
    displayNameChanged,
    rehashed,
    failed(1),
    locked(1),
    deactivated,
    reactivated,
  ])('are left alone by $type', (event) => expect(project(event)).toStrictEqual([]));
});
