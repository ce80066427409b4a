import { createUpgradeGuest } from '../../../src/application/accounts/upgrade-guest.ts';
import { householdAggregate, userAggregate } from '../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import type { IssuedToken, OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { type ComposedSystem, visitor } from '../servers/composed-system.ts';
import type { AccountAction } from './random-history.ts';

/** `email`: the address given first; `password`: the one probably set last. */
export type Person = { readonly id: string; readonly email: string; password: string };

export const PASSWORD = 'a horse on a staircase';

/** Few, so that several users want the same one. */
export const sharedAddress = (number: number): string => `shared-${number}@example.com`;

const ISSUING: Readonly<Partial<Record<UserEvent['type'], OneTimeTokenType>>> = {
  EmailVerificationRequested: 'email_verification',
  EmailChangeRequested: 'email_change',
  EmailChanged: 'email_change_undo',
  PasswordResetRequested: 'password_reset',
};

const issuedBy = ({ type, data }: UserEvent): IssuedToken | undefined =>
  type === 'EmailChanged' ? data.undo?.token : 'token' in data ? data.token : undefined;

/** Actions on addresses, passwords and account status, through the real use cases. */
export const createAccountActions = ({ get }: Pick<ComposedSystem, 'get'>) => {
  const http = get(tokens.http);
  const commands = get(tokens.commands);
  const now = () => get(tokens.clock).now();

  const accountOf = ({ id }: Person) => get(tokens.accounts).findById(id);
  const addressOf = async (person: Person) =>
    (await accountOf(person))?.profile.email ?? person.email;

  /** The token in the latest mail of that kind, or an invented one if there was none. */
  const tokenFor = async ({ id }: Person, purpose: OneTimeTokenType): Promise<string> => {
    const { events } = await get(tokens.eventStore).readStream({ category: 'user', id });
    const issued = events
      .map(({ event }) => event as UserEvent)
      .filter(({ type }) => ISSUING[type] === purpose)
      .flatMap((event) => issuedBy(event) ?? []);
    const latest = issued.at(-1);
    return (latest && get(tokens.oneTimeTokenCodec).derive(latest)) ?? 'made up';
  };

  /** A request from one of the user's sessions, or from an unknown one if all have ended. */
  const stepUp = async ({ id: userId, password }: Person) => {
    const [sessionId] = await get(tokens.sessions).unrevokedFamilyIds(userId);
    return { userId, password, authTime: 0, sessionId: sessionId ?? get(tokens.ids).familyId() };
  };

  const changePassword = async (person: Person, newPassword: string) => {
    const asUser = { ...visitor, actor: person.id };
    const change = { ...(await stepUp(person)), newPassword };
    await http.credentials.changePassword(change, asUser);
    person.password = newPassword;
  };

  const resetPassword = async (person: Person, newPassword: string) => {
    const token = await tokenFor(person, 'password_reset');
    await http.resetPassword({ token, newPassword }, visitor);
    person.password = newPassword;
  };

  const upgrade = (person: Person, email: string, verifyFirst: boolean) => {
    const upgradeGuest = createUpgradeGuest({
      commands,
      accounts: get(tokens.accounts),
      identifiers: get(tokens.identifiers),
      acceptPassword: get(tokens.acceptPassword),
      passwords: get(tokens.passwords),
      oneTimeTokens: get(tokens.oneTimeTokens),
      clock: get(tokens.clock),
      verifyFirst,
    });
    const wish = { email, password: person.password, displayName: 'No guest', username: 'noguest' };
    return upgradeGuest(person.id, wish, { ...visitor, actor: person.id });
  };

  return {
    stepUp,

    /** Signs up with an address that other users may want as well. */
    registerPending: async (number: number): Promise<Person | undefined> => {
      const email = sharedAddress(number);
      const account = { email, username: 'wanted', password: PASSWORD, displayName: 'Pending' };
      await http.registration.requestRegistration(account, visitor);
      const found = await get(tokens.accounts).findLatestPending(email);
      return found && { id: found.userId, email, password: PASSWORD };
    },

    /** Imports an account of an older system. */
    adopt: async (email: string): Promise<Person> => {
      const { ids, passwords } = { ids: get(tokens.ids), passwords: get(tokens.passwords) };
      const [userId, householdId] = [ids.userId(), ids.householdId()];
      const importedAt = now();
      const data = {
        email,
        emailVerified: true,
        username: null,
        displayName: 'Adopted',
        passwordHash: await passwords.hash(PASSWORD),
        householdId,
        role: 'user',
        tier: 'member',
        locale: 'de',
        active: true,
        provenance: { source: 'older-system', id: email, checksum: '0'.repeat(64) },
        createdAt: importedAt,
        now: importedAt,
      } as const;
      const home = { name: 'Home', ownerId: userId, home: true, now: importedAt };
      await commands.append([
        commands.begin(userAggregate, userId, { type: 'ImportUser', data }, visitor).append,
        commands.begin(
          householdAggregate,
          householdId,
          { type: 'CreateHousehold', data: home },
          visitor,
        ).append,
      ]);
      return { id: userId, email, password: PASSWORD };
    },

    do: async (action: AccountAction, person: Person): Promise<unknown> => {
      const { id: userId } = person;
      switch (action.kind) {
        case 'changeLocale':
          return http.changeProfile(userId, { locale: action.locale }, visitor);
        case 'changeRole':
          return get(tokens.changeRole)({ userId, role: action.role }, visitor);
        case 'changeTier':
          return get(tokens.changeTier)({ userId, tier: action.tier }, visitor);
        case 'unlock':
          return get(tokens.unlockUser)(userId, visitor);
        case 'erase':
          return get(tokens.eraseUser)({ userId, granted: null }, visitor);
        case 'requestVerification':
          return http.mailRequests.requestEmailVerification(await addressOf(person), visitor);
        case 'requestReset':
          return http.mailRequests.requestPasswordReset(await addressOf(person), visitor);
        case 'requestEmailChange': {
          const email = sharedAddress(action.address);
          return http.credentials.requestEmailChange({ ...(await stepUp(person)), email }, visitor);
        }
        case 'useLink':
          return http.useEmailLink(await tokenFor(person, action.link), visitor);
        case 'resetPassword':
          return resetPassword(person, `${PASSWORD} ${action.name}`);
        case 'changePassword':
          return changePassword(person, `${PASSWORD} ${action.name}`);
        case 'upgrade':
          return upgrade(person, sharedAddress(action.address), action.verifyFirst);
      }
    },
  };
};
