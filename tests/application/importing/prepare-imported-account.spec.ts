import { describe, expect, it } from 'vitest';
import { at } from '../../support/events/token-family-fixtures.ts';
import { createImportServices, importableUser } from '../../support/importing/import-services.ts';
import { contextFrom } from '../../support/sessions/session-services.ts';

const ann = {
  id: 'ann-1',
  email: 'ann@example.com',
  householdName: 'The Smiths',
  createdAt: '2001-02-03T04:05:06Z',
};

const prepare = (line: object) =>
  createImportServices().prepareImportedAccount(
    importableUser(line),
    'users.jsonl',
    at(60),
    contextFrom(),
  );

describe('preparing an imported account', () => {
  it('decides UserImported and HouseholdCreated, each for a new stream', () => {
    const appends = prepare(ann);
    expect(
      appends.map(({ stream, expected, events }) => ({
        stream,
        expected,
        events: events.map(({ event }) => event),
      })),
    ).toStrictEqual([
      {
        stream: { category: 'user', id: 'ann-1' },
        expected: { revision: 'none' },
        events: [
          {
            type: 'UserImported',
            data: {
              email: 'ann@example.com',
              emailVerified: false,
              username: null,
              displayName: 'ann',
              passwordHash: null,
              householdId: 'household-1',
              role: 'user',
              tier: 'free',
              locale: 'en',
              active: true,
              provenance: {
                source: 'users.jsonl',
                id: 'ann-1',
                checksum: importableUser(ann).checksum,
              },
              createdAt: '2001-02-03T04:05:06.000Z',
              importedAt: at(60),
            },
          },
        ],
      },
      {
        stream: { category: 'household', id: 'household-1' },
        expected: { revision: 'none' },
        events: [
          {
            type: 'HouseholdCreated',
            data: { name: 'The Smiths', ownerId: 'ann-1', home: true, createdAt: at(60) },
          },
        ],
      },
    ]);
  });

  it('counts an account without a time of creation as created now', () => {
    const [user] = prepare({ email: 'ben@example.com' });
    expect(user?.events[0]?.event.data).toMatchObject({
      createdAt: at(60),
      provenance: { id: '' },
    });
  });
});
