import { describe, expect, it } from 'vitest';
import { createCommandHandler } from '../../../src/application/command-handler.ts';
import { ApplicationError } from '../../../src/application/errors.ts';
import type { IdentifierRegistry } from '../../../src/application/ports/identifier-registry.ts';
import {
  createCreateAccount,
  type NewAccount,
} from '../../../src/application/use-cases/create-account.ts';
import { createRegisterUser } from '../../../src/application/use-cases/register-user.ts';
import { createScriptedEventStore } from '../../support/scripted-event-store.ts';
import { contextFrom, createSessionServices } from '../../support/session-services.ts';
import { START } from '../../support/token-family-fixtures.ts';

const input: NewAccount = {
  email: ' Ann@EXAMPLE.com',
  password: 'correct horse',
  displayName: ' Ann ',
  username: 'Ann',
};
const identifiers = [
  { kind: 'email', value: 'ann@example.com' },
  { kind: 'username', value: 'ann' },
];

type Trouble = Readonly<{
  claim?: Error;
  hash?: Error;
  append?: Error;
  release?: Error;
}>;

const throwIf = (error: Error | undefined) => {
  if (error !== undefined) throw error;
};

const setUp = (trouble: Trouble = {}) => {
  const services = createSessionServices();
  const steps: unknown[] = [];
  const registry: IdentifierRegistry = {
    claim: async (claimed, userId) => {
      steps.push(['claim', claimed, userId]);
      throwIf(trouble.claim);
    },
    release: async (released, userId) => {
      steps.push(['release', released, userId]);
      throwIf(trouble.release);
    },
  };
  const failing = createScriptedEventStore({
    ...(trouble.append !== undefined && { failure: trouble.append }),
  });
  const eventStore = trouble.append === undefined ? services.eventStore : failing.store;
  const commands = createCommandHandler({ eventStore, ids: services.ids });
  const createAccount = createCreateAccount({
    ...services,
    commands,
    identifiers: registry,
    passwords: {
      hash: async (password) => {
        steps.push(['hash']);
        throwIf(trouble.hash);
        return `hash of ${password}`;
      },
      verify: async () => false,
      isOutdated: () => false,
    },
  });
  const everything = async () => {
    const found: unknown[] = [];
    for await (const { stream, event } of services.eventStore.readAll()) {
      found.push([stream.id, event.type]);
    }
    return found;
  };
  return { ...services, createAccount, steps, everything };
};

describe('when an account is created', () => {
  it('holds every text in its normal form', async () => {
    const { createAccount } = setUp();
    expect(await createAccount(input, contextFrom())).toStrictEqual({
      userId: 'user-1',
      householdId: 'household-1',
      householdName: 'Home',
      email: 'ann@example.com',
      username: 'ann',
      displayName: 'Ann',
      createdAt: START,
    });
  });

  it('claims its identifiers before it hashes, and stores user and home together', async () => {
    const { createAccount, steps, eventStore, everything } = setUp();
    await createAccount({ ...input, householdName: 'Ann and Ben' }, contextFrom());
    expect(steps).toStrictEqual([['claim', identifiers, 'user-1'], ['hash']]);
    expect(await everything()).toStrictEqual([
      ['user-1', 'UserRegistered'],
      ['household-1', 'HouseholdCreated'],
    ]);
    const user = await eventStore.readStream({ category: 'user', id: 'user-1' });
    expect(user.events[0]?.event.data).toStrictEqual({
      email: 'ann@example.com',
      username: 'ann',
      displayName: 'Ann',
      passwordHash: 'hash of correct horse',
      householdId: 'household-1',
      role: 'user',
      tier: 'free',
      registeredAt: START,
    });
    const household = await eventStore.readStream({ category: 'household', id: 'household-1' });
    expect(household.events[0]?.event.data).toStrictEqual({
      name: 'Ann and Ben',
      ownerId: 'user-1',
      home: true,
      createdAt: START,
    });
  });

  it('claims no username where there is none', async () => {
    const { createAccount, steps } = setUp();
    await createAccount({ ...input, username: undefined }, contextFrom());
    expect(steps[0]).toStrictEqual(['claim', [identifiers[0]], 'user-1']);
  });
});

describe('when an account cannot be created', () => {
  it.each<[string, Partial<NewAccount>]>([
    ['password_too_short', { password: 'short' }],
    ['email_invalid', { email: 'ann' }],
    ['username_invalid', { username: 'a' }],
    ['display_name_invalid', { displayName: ' ' }],
    ['household_name_invalid', { householdName: '' }],
  ])('claims and hashes nothing: %s', async (code, malformed) => {
    const { createAccount, steps, everything } = setUp();
    const creation = createAccount({ ...input, ...malformed }, contextFrom());
    await expect(creation).rejects.toMatchObject({ code });
    expect([steps, await everything()]).toStrictEqual([[], []]);
  });

  it('hashes nothing for an identifier that is taken, and gives nothing back', async () => {
    const claim = new ApplicationError('identifier_taken');
    const { createAccount, steps } = setUp({ claim });
    await expect(createAccount(input, contextFrom())).rejects.toBe(claim);
    expect(steps).toStrictEqual([['claim', identifiers, 'user-1']]);
  });

  it.each<[string, Trouble]>([
    ['the hasher is busy', { hash: new ApplicationError('server_busy') }],
    ['the store is away', { append: new ApplicationError('service_unavailable') }],
    [
      'nothing works any more',
      { hash: new ApplicationError('server_busy'), release: new Error('the registry is away') },
    ],
  ])('gives back what it claimed, and says why, when %s', async (_, trouble) => {
    const { createAccount, steps } = setUp(trouble);
    const reason = trouble.hash ?? trouble.append;
    await expect(createAccount(input, contextFrom())).rejects.toBe(reason);
    expect(steps.at(-1)).toStrictEqual(['release', identifiers, 'user-1']);
  });
});

describe('when somebody registers', () => {
  it('is signed in: account, home and session come into being together', async () => {
    const services = setUp();
    const registerUser = createRegisterUser(services);
    const { user, ...pair } = await registerUser({ ...input, deviceName: 'Phone' }, contextFrom());
    expect(user).toStrictEqual({
      id: 'user-1',
      email: 'ann@example.com',
      emailVerified: false,
      username: 'ann',
      displayName: 'Ann',
      role: 'user',
      tier: 'free',
      active: true,
      household: { id: 'household-1', name: 'Home', role: 'owner' },
      createdAt: START,
    });
    expect(pair).toMatchObject({ sessionId: 'family-1', accessToken: 'jwt family-1.0' });
    expect(await services.everything()).toStrictEqual([
      ['user-1', 'UserRegistered'],
      ['household-1', 'HouseholdCreated'],
      ['family-1', 'TokenFamilyStarted'],
    ]);
  });
});
