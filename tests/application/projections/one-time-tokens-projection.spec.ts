import { describe, expect, it } from 'vitest';
import { oneTimeTokensProjection } from '../../../src/application/projections/one-time-tokens-projection.ts';
import type { OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
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
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { failed, issuedToken, locked, registered } from '../../support/events/user-fixtures.ts';

const project = (event: UserEvent) => oneTimeTokensProjection({ stream: userStream, event });

const place = (type: OneTimeTokenType, number = 0) => ({ user_id: 'user_ann', type, number });

const issued = (type: OneTimeTokenType, token: number, from: string, to: string) => ({
  table: 'tokens',
  op: 'upsert',
  where: place(type),
  set: { token_hash: issuedToken(token, to).tokenHash, created_at: from, expires_at: to },
});
const removed = (type: OneTimeTokenType, number = 0) => ({
  table: 'tokens',
  op: 'delete',
  where: place(type, number),
  set: {},
});
const allVoid = [removed('email_verification'), removed('password_reset'), removed('email_change')];

describe('the projected table of one-time tokens', () => {
  it('has one token per purpose, which the next one replaces', () => {
    expect(project(verificationRequested)).toStrictEqual([
      issued('email_verification', 1, START, at(86_400)),
    ]);
    expect(project(emailChangeRequested)).toStrictEqual([
      issued('email_change', 2, at(15), at(86_415)),
    ]);
    expect(project(resetRequested)).toStrictEqual([issued('password_reset', 4, at(19), at(3_619))]);
  });

  it('loses the token of a verified address', () =>
    expect(project(emailVerified)).toStrictEqual([removed('email_verification')]));

  it('loses all tokens except undo tokens when the password changes', () =>
    expect(project(passwordChanged)).toStrictEqual(allVoid));

  it('gets an undo token when the address changes and loses all others', () =>
    expect(project(emailChanged)).toStrictEqual([
      ...allVoid,
      issued('email_change_undo', 3, at(16), at(604_816)),
    ]));

  it('has several undo tokens, which are numbered', () => {
    const undo = { number: 4, token: issuedToken(3, at(604_816)) };
    const [last] = project({ ...emailChanged, data: { ...emailChanged.data, undo } }).slice(-1);
    expect(last?.where).toStrictEqual(place('email_change_undo', 4));
  });

  it('loses the undo token that was used', () =>
    expect(
      project({ ...emailChangeUndone, data: { ...emailChangeUndone.data, undoes: 2 } }),
    ).toStrictEqual([...allVoid, removed('email_change_undo', 2)]));

  it('gets no undo token without an old address', () =>
    expect(
      project({ ...emailChanged, data: { ...emailChanged.data, previous: null, undo: null } }),
    ).toStrictEqual(allVoid));

  it.each<UserEvent>([
    registered,
    imported,
    displayNameChanged,
    usernameChanged,
    localeChanged,
    rehashed,
    failed(1),
    locked(1),
    unlocked,
    roleChanged,
    tierChanged,
    deactivated,
    reactivated,
    upgradeRequested,
    upgraded,
  ])('is not changed by $type', (event) => expect(project(event)).toStrictEqual([]));
});
