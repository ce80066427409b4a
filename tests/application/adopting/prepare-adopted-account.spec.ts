import { describe, expect, it } from 'vitest';
import { DEFAULT_HOUSEHOLD_ID } from '../../../src/application/adopting/adoption-plan.ts';
import { createPrepareAdoptedAccount } from '../../../src/application/adopting/prepare-adopted-account.ts';
import { oldUser, readOldUser } from '../../support/adopting/in-memory-adoption.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { contextFrom, createSessionServices } from '../../support/sessions/session-services.ts';

describe('preparing an adopted account', () => {
  it('decides UserImported for a new stream, in the shared household', () => {
    const row = oldUser('7', { email: 'ann@example.com', created_at: '2001-02-03T04:05:06Z' });
    const { user } = readOldUser(row, 1, START);
    const prepare = createPrepareAdoptedAccount(createSessionServices());
    const appends = prepare(user, 'users', at(60), contextFrom());
    expect(
      appends.map(({ stream, expected, events }) => ({
        stream,
        expected,
        events: events.map(({ event }) => event),
      })),
    ).toStrictEqual([
      {
        stream: { category: 'user', id: '7' },
        expected: { revision: 'none' },
        events: [
          {
            type: 'UserImported',
            data: {
              email: 'ann@example.com',
              emailVerified: user.emailVerified,
              username: null,
              displayName: 'ann',
              passwordHash: null,
              householdId: DEFAULT_HOUSEHOLD_ID,
              role: 'user',
              tier: 'free',
              locale: 'en',
              active: true,
              provenance: { source: 'users', id: '7', checksum: user.checksum },
              createdAt: '2001-02-03T04:05:06.000Z',
              importedAt: at(60),
            },
          },
        ],
      },
    ]);
  });
});
