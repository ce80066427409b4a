import { describe, expect, it } from 'vitest';
import { identifierClaimsProjection } from '../../../src/application/projections/identifier-claims-projection.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  deactivated,
  displayNameChanged,
  emailChanged,
  emailChangeRequested,
  emailChangeUndone,
  emailVerified,
  imported,
  localeChanged,
  passwordChanged,
  reactivated,
  rehashed,
  resetRequested,
  roleChanged,
  tierChanged,
  unlocked,
  upgraded,
  upgradeRequested,
  usernameChanged,
  userStream,
  verificationRequested,
} from '../../support/events/projected-event-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { failed, locked, registered } from '../../support/events/user-fixtures.ts';

const project = (event: UserEvent) => identifierClaimsProjection({ stream: userStream, event });

const confirmed = (kind: 'email' | 'username', value: string) => ({
  table: 'identifier_claims',
  op: 'upsert',
  where: { kind, value },
  set: { user_id: 'user_ann', expires_at: null, held_until: null },
});
const freed = (value: string, kind = 'username') => ({
  table: 'identifier_claims',
  op: 'delete',
  where: { kind, value },
  set: {},
});

describe('the claims on identifiers', () => {
  it('are confirmed by a registration', () =>
    expect(project(registered)).toStrictEqual([
      confirmed('email', 'ann@example.com'),
      confirmed('username', 'ann'),
    ]));

  it('are confirmed only for existing identifiers', () => {
    const without = (absent: Partial<typeof registered.data>) =>
      project({ ...registered, data: { ...registered.data, ...absent } });
    expect(without({ username: null })).toStrictEqual([confirmed('email', 'ann@example.com')]);
    expect(without({ email: null })).toStrictEqual([confirmed('username', 'ann')]);
    expect(without({ email: null, username: null })).toStrictEqual([]);
  });

  it('are not confirmed for a pending account', () =>
    expect(project({ ...registered, data: { ...registered.data, pending: true } })).toStrictEqual(
      [],
    ));

  it('are confirmed by an import', () =>
    expect(project(imported)).toStrictEqual([
      confirmed('email', 'ann@example.com'),
      confirmed('username', 'ann'),
    ]));

  it.each<UserEvent>([emailVerified, upgraded])('are confirmed by $type', (event) =>
    expect(project(event)).toStrictEqual([confirmed('email', 'ann@example.com')]),
  );

  it('reserve the replaced address while the change can be reverted', () => {
    const left = confirmed('email', 'ann@example.com');
    expect(project(emailChanged)).toStrictEqual([
      { ...left, set: { ...left.set, held_until: at(604_816) } },
      confirmed('email', 'anna@example.com'),
    ]);
  });

  it('release the address whose change was reverted', () =>
    expect(project(emailChangeUndone)).toStrictEqual([
      freed('anna@example.com', 'email'),
      confirmed('email', 'ann@example.com'),
    ]));

  it('reserve an address replaced by an undo while an older change can be reverted', () => {
    const data = { ...emailChangeUndone.data, previousHeldUntil: at(604_800) };
    const left = confirmed('email', 'anna@example.com');
    expect(project({ ...emailChangeUndone, data })).toStrictEqual([
      { ...left, set: { ...left.set, held_until: at(604_800) } },
      confirmed('email', 'ann@example.com'),
    ]);
  });

  it('release the old username before they confirm the new one', () =>
    expect(project(usernameChanged)).toStrictEqual([freed('ann'), confirmed('username', 'anna')]));

  it('release no identifier for a first username', () =>
    expect(
      project({ ...usernameChanged, data: { ...usernameChanged.data, previous: null } }),
    ).toStrictEqual([confirmed('username', 'anna')]));

  it('neither confirm nor release erased identifiers', () => {
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
    verificationRequested,
    emailChangeRequested,
    localeChanged,
    resetRequested,
    passwordChanged,
    unlocked,
    roleChanged,
    tierChanged,
    upgradeRequested,
  ])('are not changed by $type', (event) => expect(project(event)).toStrictEqual([]));
});
