import { describe, expect, it } from 'vitest';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import { type EventStore, RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import { createEndSessionsAlongWith } from '../../../src/application/sessions/end-sessions-along-with.ts';
import { createStoreAlongWithSessions } from '../../../src/application/sessions/store-along-with-sessions.ts';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { createAccountServices } from '../../support/identity/account-services.ts';
import { ann, contextFrom } from '../../support/sessions/session-services.ts';

const deactivate: UserCommand = { type: 'DeactivateUser', data: { now: START } };

const setUp = async ({ sessions: count = 2, conflicts = 0, crashes = false } = {}) => {
  const services = createAccountServices();
  const { eventStore, ids } = services;
  await services.signUp('user_ann', 'ann@example.com');
  await services.signUp('user_ben', 'ben@example.com');
  for (let n = 0; n < count; n += 1) await services.open();
  await services.open({ ...ann, userId: 'user_ben' });
  const appends: number[] = [];
  const contested: EventStore = {
    ...eventStore,
    append: async (streams) => {
      appends.push(streams.length);
      if (crashes && streams.length > 1) throw new Error('the process ended');
      const [first] = streams;
      if (first !== undefined && appends.length <= conflicts)
        throw new RevisionConflict(first.stream);
      await eventStore.append(streams);
    },
  };
  const commands = createCommandHandler({ eventStore: contested, ids });
  const storeAlongWithSessions = createStoreAlongWithSessions({ ...services, commands });
  const end = createEndSessionsAlongWith({ ...services, commands, storeAlongWithSessions });
  return {
    ...services,
    appends,
    storeAlongWithSessions,
    end: (command: UserCommand, except?: string) =>
      end({ userId: 'user_ann', command, reason: 'deactivated', except }, contextFrom()),
  };
};

describe('ending the sessions of a user along with a change', () => {
  it('stores the change and the revocations in one append, and refuses the access tokens at once', async () => {
    const { end, appends, sessions, revoked, typesOf } = await setUp();
    const { events } = await end(deactivate);
    expect(events).toStrictEqual([{ type: 'UserDeactivated', data: { deactivatedAt: START } }]);
    expect(appends).toStrictEqual([3]);
    expect(await typesOf('user_ann')).toStrictEqual(['UserDeactivated']);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect([...revoked]).toStrictEqual([
      ['family-1.0', at(600)],
      ['family-2.0', at(600)],
    ]);
  });

  it('leaves the sessions of other users', async () => {
    const { end, sessions } = await setUp();
    await end(deactivate);
    expect(await sessions.unrevokedFamilyIds('user_ben')).toStrictEqual(['family-3']);
  });

  it('keeps the session that is excepted', async () => {
    const { end, sessions, revoked } = await setUp();
    await end(deactivate, 'family-1');
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1']);
    expect([...revoked.keys()]).toStrictEqual(['family-2.0']);
  });

  it('ends 64 of many sessions in the same append, and the others before it', async () => {
    const { end, appends, sessions, revoked } = await setUp({ sessions: 66 });
    await end(deactivate);
    expect(appends).toStrictEqual([1, 1, 65]);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect(revoked.size).toBe(66);
  });
});

describe('ending the sessions of a user when the process ends midway', () => {
  it('has ended the sessions beyond 64, and has not stored the change', async () => {
    const { end, sessions, typesOf } = await setUp({ sessions: 66, crashes: true });
    await expect(end(deactivate)).rejects.toThrow('the process ended');
    expect(await typesOf('user_ann')).toStrictEqual([]);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toHaveLength(64);
  });
});

describe('ending the sessions of a user when the excepted session has ended', () => {
  it.each(['family-1', 'family-3', 'family-9'])(
    'changes nothing, and refuses the access token: %s',
    async (except) => {
      const { end, revokeTokenFamily, appends, typesOf } = await setUp();
      await revokeTokenFamily('family-1', 'admin', contextFrom());
      await expect(end(deactivate, except)).rejects.toMatchObject({ code: 'access_token_invalid' });
      expect([appends, await typesOf('user_ann')]).toStrictEqual([[], []]);
    },
  );
});

describe('ending the sessions of a user along with a change that is already in force', () => {
  it('ends the sessions without storing the change again', async () => {
    const { end, give, appends, sessions } = await setUp();
    await give('user_ann', deactivate);
    const { events } = await end(deactivate);
    expect([events, appends]).toStrictEqual([[], [2]]);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
  });

  it('stores nothing when there is no session to end', async () => {
    const { end, give, appends } = await setUp({ sessions: 0 });
    await give('user_ann', deactivate);
    await end(deactivate);
    expect(appends).toStrictEqual([]);
  });
});

describe('ending the sessions of a user along with a change that is refused', () => {
  it('ends no session', async () => {
    const { end, sessions, revoked, appends } = await setUp();
    const data = { tokenHash: 'none', passwordHash: 'new', usernameClaimed: false, now: START };
    await expect(end({ type: 'ResetPassword', data })).rejects.toMatchObject({
      name: 'DomainError',
      code: 'token_invalid',
    });
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual(['family-1', 'family-2']);
    expect([appends, revoked.size]).toStrictEqual([[], 0]);
  });
});

describe('ending the sessions of a user while one of them is used', () => {
  it('decides again until no append loses its race', async () => {
    const { end, appends, sessions, revoked } = await setUp({ conflicts: 2 });
    await end(deactivate);
    expect(appends).toStrictEqual([3, 3, 3]);
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
    expect(revoked.size).toBe(2);
  });

  it('gives up when every append loses its race, and has refused no access token', async () => {
    const { end, revoked } = await setUp({ conflicts: 1_000 });
    await expect(end(deactivate)).rejects.toMatchObject({ code: 'concurrent_update' });
    expect(revoked.size).toBe(0);
  });
});

describe('ending the sessions of a user who signs in between the search and the append', () => {
  it('ends the new session too', async () => {
    const { commands, sessions, open, end: _, ...services } = await setUp();
    let looks = 0;
    const end = createEndSessionsAlongWith({
      ...services,
      commands,
      sessions: {
        ...sessions,
        unrevokedFamilyIds: async (userId) => {
          const found = await sessions.unrevokedFamilyIds(userId);
          looks += 1;
          if (looks === 1) await open();
          return found;
        },
      },
    });
    await end({ userId: 'user_ann', command: deactivate, reason: 'deactivated' }, contextFrom());
    expect(await sessions.unrevokedFamilyIds('user_ann')).toStrictEqual([]);
  });
});
