import { describe, expect, it } from 'vitest';
import { createExportAccount } from '../../../src/application/erasure/export-account.ts';
import { createHouseholdData } from '../../../src/application/household-data/household-data.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { HouseholdRole } from '../../../src/domain/household/household-events.ts';
import { createErasureServices } from '../../support/erasure/erasure-services.ts';
import { ANN, BEN, CAT } from '../../support/events/household-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import {
  createInMemoryHouseholdScope,
  notes,
} from '../../support/household-data/in-memory-household-scope.ts';
import { defaultHouseholdOf, FLAT } from '../../support/households/household-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const live = {
  id: 'family-1',
  deviceName: null,
  ip: '192.0.2.1',
  userAgent: 'Laptop/1.0',
  createdAt: START,
  lastUsedAt: START,
  expiresAt: at(86_400),
};
const signedOut = new ApplicationError('access_token_invalid');

const setUp = async () => {
  const world = await createErasureServices();
  const roles = new Map<string, HouseholdRole>([
    [`${FLAT} ${ANN}`, 'owner'],
    [`${FLAT} ${CAT}`, 'member'],
    [`${defaultHouseholdOf(CAT)} ${CAT}`, 'owner'],
  ]);
  const { inHousehold } = createInMemoryHouseholdScope(roles);
  await world.openIn(CAT);
  const exportAccount = createExportAccount({
    ...world,
    sessions: { ...world.sessions, listLive: async () => [live] },
    inHousehold,
    tables: [notes],
  });
  return {
    ...world,
    data: createHouseholdData({ ...world, inHousehold }),
    exportOf: (userId = CAT, sessionId = 'family-1') => exportAccount(userId, sessionId),
  };
};

describe('exporting an account', () => {
  it('contains the profile, the live sessions and the households of the user', async () => {
    const { exportOf, users, households } = await setUp();
    const { exportedAt, user, sessions, households: exported } = await exportOf();
    expect(exportedAt).toBe(START);
    expect(user).toStrictEqual(await users.findProfile(CAT));
    expect(sessions).toStrictEqual([live]);
    expect(exported).toStrictEqual(await households.listOf(CAT));
    expect(exported.map(({ id }) => id)).toStrictEqual([defaultHouseholdOf(CAT), FLAT]);
  });

  it('contains the rows that the user created, by household and table, page by page', async () => {
    const { exportOf, data } = await setUp();
    const inFlat = { userId: CAT, householdId: FLAT };
    for (let n = 1; n <= 501; n += 1) await data.create(inFlat, notes, { title: `Note ${n}` });
    await data.create({ userId: ANN, householdId: FLAT }, notes, { title: 'Of another member' });
    const { records } = await exportOf();
    expect(records.map(({ householdId, table }) => [householdId, table])).toStrictEqual([
      [FLAT, 'notes'],
    ]);
    expect(records[0]?.rows).toHaveLength(501);
    expect(records[0]?.rows.every(({ userId }) => userId === CAT)).toBe(true);
  });

  it('contains the events about the user, without secrets and in order of time', async () => {
    const { exportOf, clock, decide, revokeTokenFamily, openIn } = await setUp();
    clock.advance(60);
    await openIn(CAT);
    await decide({
      type: 'ChangeMemberRole',
      data: { by: ANN, userId: CAT, role: 'viewer', now: clock.now() },
    });
    clock.advance(60);
    await revokeTokenFamily('family-2', 'sign_out', contextFrom());
    const { events } = await exportOf();
    expect(events.map(({ stream, type, occurredAt }) => [stream, type, occurredAt])).toStrictEqual([
      [`user-${CAT}`, 'UserRegistered', START],
      [`user-${CAT}`, 'EmailVerified', START],
      ['tokenFamily-family-1', 'TokenFamilyStarted', START],
      [`household-${defaultHouseholdOf(CAT)}`, 'HouseholdCreated', START],
      [`household-${FLAT}`, 'MemberAdded', START],
      ['tokenFamily-family-2', 'TokenFamilyStarted', at(60)],
      [`household-${FLAT}`, 'MemberRoleChanged', at(60)],
      ['tokenFamily-family-2', 'TokenFamilyRevoked', at(120)],
    ]);
    expect(events[0]).toStrictEqual({
      stream: `user-${CAT}`,
      revision: '0',
      type: 'UserRegistered',
      occurredAt: START,
      actor: 'anonymous',
      data: {
        email: 'cat@example.com',
        username: null,
        displayName: 'cat',
        householdId: defaultHouseholdOf(CAT),
        role: 'user',
        tier: 'free',
        locale: 'en',
        pending: false,
        registeredAt: START,
      },
    });
  });

  it('leaves out events about other members of the household', async () => {
    const { exportOf, decide } = await setUp();
    await decide({ type: 'RemoveMember', data: { by: ANN, userId: BEN, now: START } });
    const { events } = await exportOf();
    expect(JSON.stringify(events)).not.toContain(BEN);
  });
});

describe('exporting an account that is refused', () => {
  it('is refused for a session that has ended, and for the session of another user', async () => {
    const { exportOf, openIn, revokeTokenFamily } = await setUp();
    await openIn(ANN);
    await expect(exportOf(CAT, 'family-2')).rejects.toStrictEqual(signedOut);
    await revokeTokenFamily('family-1', 'sign_out', contextFrom());
    await expect(exportOf()).rejects.toStrictEqual(signedOut);
  });

  it('is refused for a deactivated user, and for one who does not exist', async () => {
    const { exportOf, give } = await setUp();
    await give(CAT, { type: 'DeactivateUser', data: { now: START } });
    await expect(exportOf()).rejects.toStrictEqual(signedOut);
    await expect(exportOf('user_gone')).rejects.toStrictEqual(signedOut);
  });
});
