import { describe, expect, it } from 'vitest';
import { usersProjection } from '../../../src/application/projections/users-projection.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import {
  deactivated,
  displayNameChanged,
  emailChanged,
  emailChangeRequested,
  emailVerified,
  imported,
  importedStream,
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
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { failed, hash, locked, newerHash, registered } from '../../support/events/user-fixtures.ts';

const rowsOf = (event: UserEvent) => usersProjection({ stream: userStream, event });

describe('the projected table of users', () => {
  it('gets a row for a registration, without a default household', () =>
    expect(rowsOf(registered)).toStrictEqual([
      {
        table: 'users',
        op: 'insert',
        where: { id: 'user_ann' },
        set: {
          username: 'ann',
          email: 'ann@example.com',
          email_verified_at: null,
          password_hash: hash,
          display_name: 'Ann',
          household_id: null,
          role: 'user',
          tier: 'free',
          is_active: true,
          locked_until: null,
          locale: 'en',
          pending_email: null,
          created_at: START,
          updated_at: START,
        },
      },
    ]));

  it('shows the address of a pending account as pending and no username', () => {
    const [row] = rowsOf({ ...registered, data: { ...registered.data, pending: true } });
    expect(row?.set).toMatchObject({
      username: null,
      email: null,
      pending_email: 'ann@example.com',
    });
  });

  it('gets a row for an import with the age of the account', () =>
    expect(usersProjection({ stream: importedStream, event: imported })).toStrictEqual([
      {
        table: 'users',
        op: 'upsert',
        where: { id: 'user_cid' },
        set: {
          username: 'ann',
          email: 'ann@example.com',
          email_verified_at: at(40),
          password_hash: hash,
          display_name: 'Ann',
          household_id: null,
          role: 'user',
          tier: 'member',
          is_active: true,
          locked_until: null,
          locale: 'de',
          pending_email: null,
          created_at: '2020-02-29T08:00:00.000Z',
          updated_at: at(40),
        },
      },
    ]));

  it('shows an imported account as unverified and inactive if it was', () => {
    const data = { ...imported.data, emailVerified: false, active: false };
    const [row] = usersProjection({ stream: importedStream, event: { ...imported, data } });
    expect(row?.set).toMatchObject({ email_verified_at: null, is_active: false });
  });

  it.each<[UserEvent, Record<string, unknown>]>([
    [
      emailVerified,
      {
        email: 'ann@example.com',
        email_verified_at: at(5),
        pending_email: null,
        updated_at: at(5),
      },
    ],
    [
      emailChanged,
      {
        email: 'anna@example.com',
        email_verified_at: at(16),
        pending_email: null,
        updated_at: at(16),
      },
    ],
    [localeChanged, { locale: 'de', updated_at: at(18) }],
    [passwordChanged, { password_hash: hash, updated_at: at(20) }],
    [unlocked, { locked_until: null, updated_at: at(20) }],
    [roleChanged, { role: 'admin', updated_at: at(21) }],
    [tierChanged, { tier: 'member', updated_at: at(22) }],
    [
      upgraded,
      {
        email: 'ann@example.com',
        email_verified_at: null,
        display_name: 'Ann',
        password_hash: hash,
        tier: 'free',
        pending_email: null,
        updated_at: at(31),
      },
    ],
    [upgradeRequested, { pending_email: 'ann@example.com', updated_at: at(30) }],
    [displayNameChanged, { display_name: 'Anna', updated_at: at(10) }],
    [usernameChanged, { username: 'anna', updated_at: at(11) }],
    [rehashed, { password_hash: newerHash, updated_at: at(12) }],
    [locked(12), { locked_until: at(3_612), updated_at: at(12) }],
    [deactivated, { is_active: false, updated_at: at(13) }],
    [reactivated, { is_active: true, updated_at: at(14) }],
  ])('is changed by $type', (event, set) =>
    expect(rowsOf(event)).toStrictEqual([
      { table: 'users', op: 'update', where: { id: 'user_ann' }, set },
    ]),
  );

  it.each<UserEvent>([failed(1), verificationRequested, emailChangeRequested, resetRequested])(
    'is not changed by $type',
    (event) => expect(rowsOf(event)).toStrictEqual([]),
  );
});

describe('the row of a user projected from tombstones', () => {
  const erased = '[erased]';

  it('is kept without identifiers', () => {
    const data = { ...registered.data, email: erased, username: erased, displayName: erased };
    const [row] = rowsOf({ ...registered, data });
    expect(row?.set).toMatchObject({ email: null, username: null, display_name: erased });
  });

  it('gets no username later', () =>
    expect(
      rowsOf({ ...usernameChanged, data: { ...usernameChanged.data, username: erased } }),
    ).toStrictEqual([
      {
        table: 'users',
        op: 'update',
        where: { id: 'user_ann' },
        set: { username: null, updated_at: at(11) },
      },
    ]));
});
