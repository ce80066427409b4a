import { createStepUp } from '../../../src/application/credentials/step-up.ts';
import type {
  Account,
  AccountDirectory,
} from '../../../src/application/identity/account-directory.ts';
import { createClaimRequestedIdentifiers } from '../../../src/application/identity/claim-requested-identifiers.ts';
import type { IdentifierRegistry } from '../../../src/application/identity/identifier-registry.ts';
import type { OneTimeTokenCodec } from '../../../src/application/identity/one-time-token-codec.ts';
import type { OneTimeTokenDirectory } from '../../../src/application/identity/one-time-token-directory.ts';
import { createOneTimeTokens } from '../../../src/application/identity/one-time-tokens.ts';
import { householdAggregate, userAggregate } from '../../../src/application/kernel/aggregate.ts';
import { createRespondInConstantTime } from '../../../src/application/kernel/constant-time-response.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { EventShape } from '../../../src/application/kernel/event-store.ts';
import { oneTimeTokensProjection } from '../../../src/application/projections/one-time-tokens-projection.ts';
import { createEndSessionsAlongWith } from '../../../src/application/sessions/end-sessions-along-with.ts';
import type { HouseholdRole } from '../../../src/domain/household/household-events.ts';
import { findMember } from '../../../src/domain/household/household-rank.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { IssuedToken, OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { accountIn, type UserAccount } from '../../../src/domain/user/user-state.ts';
import { accountOf } from '../events/recorded-events.ts';
import { register } from '../events/user-fixtures.ts';
import {
  contextFrom,
  createSessionServices,
  lifetimes,
  policy,
} from '../sessions/session-services.ts';

export const PASSWORD = 'a horse on a staircase';
export const NEW_PASSWORD = 'a donkey on a balcony';
/** The hash of a password by the fake hasher. */
export const hashOf = (password: string): string => `hash of ${password}`;

/** The `n`-th one-time token that account services issue, as events store it. */
export const mintedToken = (n: number, expiresAt: Instant): IssuedToken => ({
  id: String(n),
  keyId: 7,
  tokenHash: `hash of otp ${n}`,
  expiresAt,
});

/** `otp 1`: a token that names its id. */
const createCountedCodec = (): OneTimeTokenCodec => {
  let count = 0;
  const hash = (token: string) => (token.startsWith('otp ') ? `hash of ${token}` : undefined);
  return {
    mint: () => {
      count += 1;
      return { id: String(count), keyId: 7, tokenHash: `hash of otp ${count}` };
    },
    derive: ({ id }) => `otp ${id}`,
    hash,
  };
};

/** The services of sessions and accounts; directories read the event store. */
export const createAccountServices = () => {
  const services = createSessionServices();
  const { commands, eventStore } = services;
  const claims = new Map<string, string>();
  const steps: string[] = [];
  const pauses: number[] = [];

  const eventsOfUser = async (userId: string): Promise<readonly UserEvent[]> => {
    const { events } = await eventStore.readStream({ category: 'user', id: userId });
    return events.map(({ event }) => event as UserEvent);
  };

  /** Every account, in the order of registration. */
  const allAccounts = async (): Promise<readonly (readonly [string, UserAccount])[]> => {
    const ids = new Set<string>();
    for await (const { stream } of eventStore.readAll()) {
      if (stream.category === 'user') ids.add(stream.id);
    }
    const found: [string, UserAccount][] = [];
    for (const id of ids) {
      const account = accountIn(await commands.load(userAggregate, id));
      if (account !== undefined) found.push([id, account]);
    }
    return found;
  };

  const asAccount = (userId: string, user: UserAccount): Account =>
    accountOf({ ...user, userId, active: user.status === 'active' });

  const find = async (
    wanted: (userId: string, user: UserAccount) => boolean,
  ): Promise<Account | undefined> => {
    const found = (await allAccounts()).findLast(([id, user]) => wanted(id, user));
    return found && asAccount(...found);
  };

  const roleIn = async (householdId: string, userId: string): Promise<HouseholdRole | null> => {
    const household = await commands.load(householdAggregate, householdId);
    if (household.status !== 'existing') return null;
    return findMember(household, userId)?.role ?? null;
  };

  const accounts: AccountDirectory = {
    findById: (userId) => find((id) => id === userId),
    findByIdentifier: ({ kind, value }) => find((_, user) => user[kind] === value),
    findAddressHolder: async (email) => {
      const holder = await find((_, user) => user.email === email);
      return holder && { userId: holder.userId, locale: holder.profile.locale };
    },
    findPrincipal: async (userId, householdId) => {
      const account = await accounts.findById(userId);
      const role = await roleIn(householdId, userId);
      if (account === undefined) return undefined;
      return { ...account, householdId: role && householdId, householdRole: role };
    },
    findLatestPending: async (email) => {
      const waiting = (await allAccounts()).filter(
        ([, { pending, upgrade, status }]) =>
          status === 'active' && (pending ?? upgrade)?.email === email,
      );
      const [userId] = waiting.at(-1) ?? [];
      return userId === undefined ? undefined : { userId, contested: waiting.length > 1 };
    },
    hasOtherActiveAdmin: async (userId) =>
      (await find(
        (id, { role, status }) => id !== userId && role === 'admin' && status === 'active',
      )) !== undefined,
  };

  const identifiers: IdentifierRegistry = {
    claim: async (wanted, userId) => {
      const names = wanted.map(({ kind, value }) => `${kind} ${value}`);
      steps.push(`claim ${names}`);
      for (const identifier of wanted) {
        const owner = (await accounts.findByIdentifier(identifier))?.userId;
        const holder = owner ?? claims.get(`${identifier.kind} ${identifier.value}`);
        if (holder !== undefined && holder !== userId)
          throw new ApplicationError('identifier_taken');
      }
      for (const name of names) claims.set(name, userId);
    },
    release: async (given, userId) => {
      const names = given.map(({ kind, value }) => `${kind} ${value}`);
      steps.push(`release ${names}`);
      for (const name of names) if (claims.get(name) === userId) claims.delete(name);
    },
  };

  /** The rows that the table of tokens would have. */
  const directory: OneTimeTokenDirectory = {
    find: async (tokenHash) => {
      for (const [userId] of await allAccounts()) {
        const rows = new Map<string, unknown>();
        for (const event of await eventsOfUser(userId)) {
          const stream = { category: 'user', id: userId } as const;
          for (const { op, where, set } of oneTimeTokensProjection({ stream, event })) {
            const { type, number } = where;
            const { token_hash: hash } = set;
            if (op === 'delete') rows.delete(`${type} ${number}`);
            else rows.set(`${type} ${number}`, hash);
          }
        }
        const [key] = [...rows].find(([, hash]) => hash === tokenHash) ?? [];
        if (key !== undefined) return { userId, type: key.split(' ')[0] as OneTimeTokenType };
      }
      return undefined;
    },
  };

  const passwords = {
    hash: async (password: string) => hashOf(password),
    verify: async (hash: string | null, password: string) => hash === hashOf(password),
    isOutdated: () => false,
  };
  const respondInConstantTime = createRespondInConstantTime(
    async (milliseconds) => void pauses.push(milliseconds),
  );

  const codec = createCountedCodec();

  return {
    ...services,
    codec,
    accounts,
    identifiers,
    /** Claims and releases, in order. */
    steps,
    /** The milliseconds of every pause. */
    pauses,
    passwords,
    respondInConstantTime,
    allAccounts,
    eventsOfUser,
    oneTimeTokens: createOneTimeTokens({ codec, directory, lifetimes }),
    claimRequestedIdentifiers: createClaimRequestedIdentifiers(identifiers),
    endSessionsAlongWith: createEndSessionsAlongWith(services),
    stepUp: createStepUp({ ...services, accounts, passwords, respondInConstantTime, policy }),

    /** Executes a command on a user. */
    give: (userId: string, command: UserCommand) =>
      commands.execute(userAggregate, userId, command, contextFrom()),

    /** Registers an account whose password is `PASSWORD`. */
    signUp: async (
      userId: string,
      email: string | null,
      more: Partial<(typeof register)['data']> = {},
    ): Promise<void> => {
      const data = {
        ...register.data,
        email,
        username: null,
        passwordHash: hashOf(PASSWORD),
        ...more,
        now: services.clock.now(),
      };
      await commands.execute(userAggregate, userId, { ...register, data }, contextFrom());
    },

    /** The events of the user after the first `skip`. */
    typesOf: async (userId: string, skip = 1): Promise<readonly string[]> =>
      (await eventsOfUser(userId)).slice(skip).map(({ type }) => type),

    /** Every event of the log. */
    allEvents: async (): Promise<readonly EventShape[]> => {
      const all: EventShape[] = [];
      for await (const { event } of eventStore.readAll()) all.push(event);
      return all;
    },
  };
};

export type AccountServices = ReturnType<typeof createAccountServices>;
