import { describe, expect, it } from 'vitest';
import type { AccountDraft } from '../../../src/application/identity/prepare-account.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { issuedToken } from '../../support/events/user-fixtures.ts';
import { contextFrom, createSessionServices } from '../../support/sessions/session-services.ts';

const draft: AccountDraft = {
  userId: 'user_ann',
  email: 'ann@example.com',
  username: 'ann',
  displayName: 'Ann',
  passwordHash: 'a hash',
  role: 'user',
  tier: 'free',
  locale: 'en',
  pending: false,
  verification: null,
  householdName: 'The Flat',
  createdAt: START,
};

const prepare = (changed: Partial<AccountDraft> = {}) => {
  const services = createSessionServices();
  const prepared = services.prepareAccount({ ...draft, ...changed }, contextFrom());
  return { ...services, ...prepared };
};

describe('preparing an account', () => {
  it('decides UserRegistered and HouseholdCreated, each for a new stream', () => {
    const { householdId, appends } = prepare();
    expect(householdId).toBe('household-1');
    expect(
      appends.map(({ stream, expected, events }) => ({
        stream,
        expected,
        events: events.map(({ event }) => event),
      })),
    ).toStrictEqual([
      {
        stream: { category: 'user', id: 'user_ann' },
        expected: { revision: 'none' },
        events: [
          {
            type: 'UserRegistered',
            data: {
              email: 'ann@example.com',
              username: 'ann',
              displayName: 'Ann',
              passwordHash: 'a hash',
              householdId: 'household-1',
              role: 'user',
              tier: 'free',
              locale: 'en',
              pending: false,
              registeredAt: START,
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
            data: { name: 'The Flat', ownerId: 'user_ann', home: true, createdAt: START },
          },
        ],
      },
    ]);
  });

  it('requests the verification of the address when a token is given', () => {
    const token = issuedToken(1, at(86_400));
    const [user] = prepare({ verification: token, pending: true }).appends;
    expect(user?.events.map(({ event }) => event).slice(1)).toStrictEqual([
      {
        type: 'EmailVerificationRequested',
        data: { email: 'ann@example.com', token, requestedAt: START },
      },
    ]);
  });

  it('counts the address as verified when the caller vouches for it', () => {
    const [user] = prepare({ verification: 'verified' }).appends;
    expect(user?.events.map(({ event }) => event).slice(1)).toStrictEqual([
      { type: 'EmailVerified', data: { email: 'ann@example.com', verifiedAt: START } },
    ]);
  });

  it('stores nothing until its appends are stored', async () => {
    const { appends, commands, eventStore } = prepare();
    const readUser = () => eventStore.readStream({ category: 'user', id: 'user_ann' });
    expect((await readUser()).events).toStrictEqual([]);
    await commands.append(appends);
    expect((await readUser()).events).toHaveLength(1);
  });
});
