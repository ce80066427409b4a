import { describe, expect, it } from 'vitest';
import {
  createCreateAccount,
  type NewAccount,
} from '../../../src/application/accounts/create-account.ts';
import type { IdentifierRegistry } from '../../../src/application/identity/identifier-registry.ts';
import { createPrepareAccount } from '../../../src/application/identity/prepare-account.ts';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import { RevisionConflict } from '../../../src/application/kernel/event-store.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { createScriptedEventStore } from '../../support/kernel/scripted-event-store.ts';
import {
  COMMON_PASSWORD,
  contextFrom,
  createSessionServices,
} from '../../support/sessions/session-services.ts';

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
  const { ids } = services;
  const commands = createCommandHandler({ eventStore, ids });
  const createAccount = createCreateAccount({
    ...services,
    commands,
    prepareAccount: createPrepareAccount({ commands, ids }),
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

describe('creating an account whose identifiers are claimed', () => {
  it('answers every text in its normal form', async () => {
    const { createAccount } = setUp();
    expect(await createAccount(input, 'unverified', contextFrom())).toStrictEqual({
      userId: 'user-1',
      householdId: 'household-1',
      householdName: 'Home',
      email: 'ann@example.com',
      username: 'ann',
      displayName: 'Ann',
      locale: 'en',
      createdAt: START,
    });
  });

  it('claims its identifiers before it hashes, and stores user and household together', async () => {
    const { createAccount, steps, eventStore, everything } = setUp();
    await createAccount({ ...input, householdName: 'Ann and Ben' }, 'unverified', contextFrom());
    expect(steps).toStrictEqual([['claim', identifiers, 'user-1'], ['hash']]);
    expect(await everything()).toStrictEqual([
      ['user-1', 'UserRegistered'],
      ['user-1', 'EmailVerificationRequested'],
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
      locale: 'en',
      pending: false,
      registeredAt: START,
    });
    expect(user.events[1]?.event.data).toStrictEqual({
      email: 'ann@example.com',
      token: {
        id: 'token-1',
        keyId: 7,
        tokenHash: 'hash of lkv token-1 7',
        expiresAt: at(86_400),
      },
      requestedAt: START,
    });
    const household = await eventStore.readStream({ category: 'household', id: 'household-1' });
    expect(household.events[0]?.event.data).toStrictEqual({
      name: 'Ann and Ben',
      ownerId: 'user-1',
      home: true,
      createdAt: START,
    });
  });

  it('claims no username when none is given', async () => {
    const { createAccount, steps } = setUp();
    await createAccount({ ...input, username: undefined }, 'unverified', contextFrom());
    expect(steps[0]).toStrictEqual(['claim', [identifiers[0]], 'user-1']);
  });
});

describe('creating an account whose address the caller vouches for', () => {
  it('claims the address, and counts it as verified', async () => {
    const { createAccount, steps, everything } = setUp();
    await createAccount(input, 'verified', contextFrom());
    expect(steps).toStrictEqual([['claim', identifiers, 'user-1'], ['hash']]);
    expect(await everything()).toStrictEqual([
      ['user-1', 'UserRegistered'],
      ['user-1', 'EmailVerified'],
      ['household-1', 'HouseholdCreated'],
    ]);
  });
});

describe('creating an account whose address is pending', () => {
  it('claims nothing, and hashes the password all the same', async () => {
    const { createAccount, steps, eventStore, everything } = setUp();
    await createAccount({ ...input, locale: 'de' }, 'pending', contextFrom());
    expect(steps).toStrictEqual([['hash']]);
    expect(await everything()).toStrictEqual([
      ['user-1', 'UserRegistered'],
      ['user-1', 'EmailVerificationRequested'],
      ['household-1', 'HouseholdCreated'],
    ]);
    const { events } = await eventStore.readStream({ category: 'user', id: 'user-1' });
    expect(events[0]?.event.data).toMatchObject({ pending: true, locale: 'de' });
  });

  it('releases nothing when it cannot be stored', async () => {
    const append = new ApplicationError('service_unavailable');
    const { createAccount, steps } = setUp({ append });
    await expect(createAccount(input, 'pending', contextFrom())).rejects.toBe(append);
    expect(steps).toStrictEqual([['hash']]);
  });
});

describe('creating an account that is refused', () => {
  it.each<[string, Partial<NewAccount>]>([
    ['password_too_short', { password: 'short' }],
    ['password_too_common', { password: COMMON_PASSWORD }],
    ['email_invalid', { email: 'ann' }],
    ['username_invalid', { username: 'a' }],
    ['display_name_invalid', { displayName: ' ' }],
    ['household_name_invalid', { householdName: '' }],
    ['locale_invalid', { locale: 'a language' }],
  ])('claims and hashes nothing when the input is malformed: %s', async (code, malformed) => {
    const { createAccount, steps, everything } = setUp();
    const creation = createAccount({ ...input, ...malformed }, 'unverified', contextFrom());
    await expect(creation).rejects.toMatchObject({ code });
    expect([steps, await everything()]).toStrictEqual([[], []]);
  });

  it('hashes nothing when an identifier is taken, and releases nothing', async () => {
    const claim = new ApplicationError('identifier_taken');
    const { createAccount, steps } = setUp({ claim });
    await expect(createAccount(input, 'unverified', contextFrom())).rejects.toBe(claim);
    expect(steps).toStrictEqual([['claim', identifiers, 'user-1']]);
  });

  it.each<[string, Trouble]>([
    ['the hasher is busy', { hash: new ApplicationError('server_busy') }],
    ['the event store is unavailable', { append: new ApplicationError('service_unavailable') }],
    [
      'the hasher is busy and the registry unavailable',
      { hash: new ApplicationError('server_busy'), release: new Error('the registry is away') },
    ],
  ])('releases the claimed identifiers and passes the error on when %s', async (_, trouble) => {
    const { createAccount, steps } = setUp(trouble);
    const reason = trouble.hash ?? trouble.append;
    await expect(createAccount(input, 'unverified', contextFrom())).rejects.toBe(reason);
    expect(steps.at(-1)).toStrictEqual(['release', identifiers, 'user-1']);
  });

  it('answers that an identifier is taken when an expired claim was taken over meanwhile', async () => {
    const append = new RevisionConflict({ category: 'user', id: 'user-1' });
    const { createAccount, steps } = setUp({ append });
    await expect(createAccount(input, 'unverified', contextFrom())).rejects.toMatchObject({
      name: 'ApplicationError',
      code: 'identifier_taken',
      cause: append,
    });
    expect(steps.at(-1)).toStrictEqual(['release', identifiers, 'user-1']);
  });
});
