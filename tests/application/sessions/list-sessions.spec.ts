import { describe, expect, it } from 'vitest';
import { createListSessions } from '../../../src/application/sessions/list-sessions.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { createOpenedSessions } from '../../support/sessions/opened-sessions.ts';

const summary = {
  deviceName: null,
  ip: null,
  userAgent: null,
  createdAt: at(0),
  lastUsedAt: at(1),
  expiresAt: at(2),
};

describe('listing the sessions of a user', () => {
  it('marks the session of the caller as the current one', async () => {
    const asked: unknown[] = [];
    const { sessions, clock } = await createOpenedSessions();
    const list = createListSessions({
      clock,
      sessions: {
        ...sessions,
        listLive: async (...question) => {
          asked.push(question);
          return ['one', 'two'].map((id) => ({ id, ...summary }));
        },
      },
    });
    expect(await list('user_ann', 'two')).toStrictEqual([
      { id: 'one', ...summary, current: false },
      { id: 'two', ...summary, current: true },
    ]);
    expect(asked).toStrictEqual([['user_ann', at(0)]]);
  });
});
