import { describe, expect, it } from 'vitest';
import { type AsOf, NOW } from '../../../../src/application/auditing/history/as-of-moment.ts';
import { openPastLog, type PastEvent, toAnn, toFlat } from '../../../support/event-log/past-log.ts';
import {
  flatCreated,
  householdDeleted,
  memberAdded,
  memberRemoved,
  memberRoleChanged,
  ownershipTransferred,
} from '../../../support/events/household-event-fixtures.ts';
import { at } from '../../../support/events/token-family-fixtures.ts';
import { registered } from '../../../support/events/user-fixtures.ts';

const flat: readonly PastEvent[] = [
  toFlat(flatCreated, 100),
  toFlat(memberAdded, 201),
  toFlat(memberRoleChanged, 204),
  toFlat(ownershipTransferred, 205),
];
const gone: readonly PastEvent[] = [
  ...flat,
  toFlat({ ...memberRemoved, data: { ...memberRemoved.data, reason: 'removed' } }, 206, {
    actor: 'user_ben',
  }),
];
const people = [
  toAnn(registered, 0),
  { ...toAnn(registered, 0), id: 'user_ben' },
  { ...toAnn(registered, 0), id: 'user_cid' },
];

type Asked = Readonly<{ userId?: string; route?: string; asOf?: AsOf }>;

const explain = async (happened: readonly PastEvent[], asked: Asked = {}) => {
  const explained = await openPastLog([...people, ...happened], 1_000).explainRoute({
    userId: 'user_ann',
    route: 'GET /v1/households/hh_flat/members',
    asOf: NOW,
    ...asked,
  });
  return (
    explained && [explained.code, explained.verdict, explained.reasons.map(({ type }) => type)]
  );
};

describe('when a user is not a member of the household', () => {
  it('the explanation names the member who removed the user, and the time', async () => {
    expect(await explain(gone)).toStrictEqual([
      'household_not_found',
      `user_ann has not been a member of hh_flat since ${at(206)}: removed by user_ben.`,
      ['HouseholdCreated', 'OwnershipTransferred', 'MemberRemoved'],
    ]);
  });

  it('the explanation says that the user left', async () => {
    const left = [...flat, toFlat(memberRemoved, 206)];
    expect((await explain(left))?.[1]).toBe(
      `user_ann has not been a member of hh_flat since ${at(206)}: the user left.`,
    );
  });

  it('a request before that is explained as allowed', async () => {
    expect(await explain(gone, { asOf: { kind: 'time', time: at(205) } })).toStrictEqual([
      null,
      'GET /v1/households/{id}/members is allowed for user_ann.',
      [],
    ]);
  });

  it('the explanation says that the user was never a member', async () => {
    expect(await explain(gone, { userId: 'user_cid' })).toStrictEqual([
      'household_not_found',
      'user_cid was never a member of hh_flat; the answer does not show whether the household exists.',
      [],
    ]);
  });

  it('the explanation says that the household does not exist, or was deleted', async () => {
    expect((await explain([]))?.[1]).toBe('The household hh_flat does not exist.');
    expect(await explain([...gone, toFlat(householdDeleted, 207)])).toStrictEqual([
      'household_not_found',
      `The household hh_flat was deleted at ${at(207)} by user_ben.`,
      ['HouseholdCreated', 'OwnershipTransferred', 'MemberRemoved', 'HouseholdDeleted'],
    ]);
  });
});

describe('when the role of a member is too low', () => {
  it('the explanation names the required role, and since when the member has another', async () => {
    const route = 'POST /v1/households/hh_flat/transfer-ownership';
    expect(await explain(flat, { route })).toStrictEqual([
      'household_role_insufficient',
      `The route requires at least the role owner in hh_flat; user_ann has been admin there since ${at(205)}.`,
      ['HouseholdCreated', 'OwnershipTransferred'],
    ]);
  });
});

describe('when a rule of the household refuses the request', () => {
  it.each([
    ['DELETE', 'user_ben', 'household_role_insufficient'],
    ['PATCH', 'user_cid', 'member_not_found'],
  ])('the explanation has its code: %s of %s', async (method, userId, code) => {
    const route = `${method} /v1/households/hh_flat/members/${userId}`;
    expect((await explain(flat, { route }))?.[0]).toBe(code);
  });

  it('an owner who leaves is told to transfer the household first', async () => {
    const route = 'DELETE /v1/households/hh_flat/members/user_ben';
    expect(await explain(flat, { userId: 'user_ben', route })).toStrictEqual([
      'owner_must_stay',
      'The household hh_flat refuses the request: the owner must transfer the household before leaving.',
      ['MemberAdded', 'MemberRoleChanged', 'OwnershipTransferred'],
    ]);
  });
});

describe('when the route does not exist', () => {
  it.each(['GET /v1/households/hh_flat/cats', 'TRACE /v1/me', 'GET /v1/me/'])(
    'there is no explanation: %s',
    async (route) => {
      expect(await explain(flat, { route })).toBeUndefined();
    },
  );
});
