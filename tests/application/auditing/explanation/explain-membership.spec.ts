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

describe('when somebody is not a member', () => {
  it('tells who took them out, and when', async () => {
    expect(await explain(gone)).toStrictEqual([
      'household_not_found',
      `user_ann has not been a member of hh_flat since ${at(206)}: removed by user_ben.`,
      ['HouseholdCreated', 'OwnershipTransferred', 'MemberRemoved'],
    ]);
  });

  it('tells that they left', async () => {
    const left = [...flat, toFlat(memberRemoved, 206)];
    expect((await explain(left))?.[1]).toBe(
      `user_ann has not been a member of hh_flat since ${at(206)}: the user left.`,
    );
  });

  it('was not refused before that', async () => {
    expect(await explain(gone, { asOf: { kind: 'time', time: at(205) } })).toStrictEqual([
      null,
      'GET /v1/households/{id}/members is allowed for user_ann.',
      [],
    ]);
  });

  it('tells that they never were', async () => {
    expect(await explain(gone, { userId: 'user_cid' })).toStrictEqual([
      'household_not_found',
      'user_cid was never a member of hh_flat; the answer does not show whether the household exists.',
      [],
    ]);
  });

  it('tells that there is no household, or none any more', async () => {
    expect((await explain([]))?.[1]).toBe('The household hh_flat does not exist.');
    expect(await explain([...gone, toFlat(householdDeleted, 207)])).toStrictEqual([
      'household_not_found',
      `The household hh_flat was deleted at ${at(207)} by user_ben.`,
      ['HouseholdCreated', 'OwnershipTransferred', 'MemberRemoved', 'HouseholdDeleted'],
    ]);
  });
});

describe('when a role is too low', () => {
  it('tells which one it takes, and since when it is another', async () => {
    const route = 'POST /v1/households/hh_flat/transfer-ownership';
    expect(await explain(flat, { route })).toStrictEqual([
      'household_role_insufficient',
      `The route requires at least the role owner in hh_flat; user_ann has been admin there since ${at(205)}.`,
      ['HouseholdCreated', 'OwnershipTransferred'],
    ]);
  });
});

describe('when the household itself refuses', () => {
  it.each([
    ['DELETE', 'user_ben', 'household_role_insufficient'],
    ['PATCH', 'user_cid', 'member_not_found'],
  ])('tells why: %s of %s', async (method, userId, code) => {
    const route = `${method} /v1/households/hh_flat/members/${userId}`;
    expect((await explain(flat, { route }))?.[0]).toBe(code);
  });

  it('tells an owner to hand it over before leaving', async () => {
    const route = 'DELETE /v1/households/hh_flat/members/user_ben';
    expect(await explain(flat, { userId: 'user_ben', route })).toStrictEqual([
      'owner_must_stay',
      'The household hh_flat refuses the request: the owner must transfer the household before leaving.',
      ['MemberAdded', 'MemberRoleChanged', 'OwnershipTransferred'],
    ]);
  });
});

describe('when the route is no route', () => {
  it.each(['GET /v1/households/hh_flat/cats', 'TRACE /v1/me', 'GET /v1/me/'])(
    'has nothing to explain: %s',
    async (route) => {
      expect(await explain(flat, { route })).toBeUndefined();
    },
  );
});
