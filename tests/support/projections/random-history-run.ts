import { vi } from 'vitest';
import { userAggregate } from '../../../src/application/kernel/aggregate.ts';
import { ApplicationError } from '../../../src/application/kernel/errors.ts';
import type { RequestContext } from '../../../src/application/kernel/request-context.ts';
import { tokens } from '../../../src/composition/system-tokens.ts';
import { DomainError } from '../../../src/domain/domain-error.ts';
import { lockout } from '../events/user-fixtures.ts';
import { type ComposedSystem, visitor } from '../servers/composed-system.ts';
import type { AccountAction, Action, Step } from './random-history.ts';
import { createAccountActions, PASSWORD, type Person } from './random-history-accounts.ts';
import { createHouseholdActions } from './random-history-households.ts';
import type { HouseholdAction, SwitchAction } from './random-household-actions.ts';

type Session = { userId: string; id: string; jti: string; newest: string; previous: string };
type Opened = Readonly<{ sessionId: string; accessTokenId: string; refreshToken: string }>;

const stranger: RequestContext = {
  ...visitor,
  client: { ip: '203.0.113.9', userAgent: 'curl/8.0' },
};
let people = 0;

type Arrival = 'register' | 'startAsGuest' | 'adopt' | 'registerPending';

const isArrival = (action: Action): action is Extract<Action, { kind: Arrival }> =>
  !('user' in action) && !('session' in action);

const isHouseholdAction = (action: AccountAction | HouseholdAction): action is HouseholdAction =>
  'household' in action;

const pick = <Item>(items: readonly Item[], number: number): Item | undefined =>
  items[number % items.length];

/** Refusals are expected; any other error fails the test. */
const unlessRefused = async (work: Promise<unknown>): Promise<void> => {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof DomainError) && !(error instanceof ApplicationError)) throw error;
    if (error instanceof ApplicationError && error.code === 'service_unavailable') throw error;
  }
};

/** Plays a history through the real use cases; fake time begins at `start`. */
export const playHistory = async (
  system: ComposedSystem,
  steps: readonly Step[],
  start: Date,
): Promise<void> => {
  const http = system.get(tokens.http);
  const commands = system.get(tokens.commands);
  const persons: Person[] = [];
  const sessions: Session[] = [];

  const enter = (userId: string, pair: Opened): void => {
    const { sessionId: id, accessTokenId: jti, refreshToken: newest } = pair;
    sessions.push({ userId, id, jti, newest, previous: newest });
  };

  const nextAddress = () => {
    people += 1;
    return `person-${people}@example.com`;
  };

  const register = async () => {
    const email = nextAddress();
    const account = { email, password: PASSWORD, displayName: `Person ${people}` };
    const { user, ...pair } = await http.registration.registerUser(account, visitor);
    persons.push({ id: user.id, email, password: PASSWORD });
    enter(user.id, pair);
  };

  const startAsGuest = async () => {
    const { user, ...pair } = await http.startGuestSession({}, visitor);
    persons.push({ id: user.id, email: nextAddress(), password: PASSWORD });
    enter(user.id, pair);
  };

  const accounts = createAccountActions(system);
  const households = createHouseholdActions(system, persons, accounts.stepUp);

  const arrive = async (action: Extract<Action, { kind: Arrival }>): Promise<void> => {
    switch (action.kind) {
      case 'register':
        return register();
      case 'startAsGuest':
        return startAsGuest();
      case 'adopt':
        return void persons.push(await accounts.adopt(nextAddress()));
      case 'registerPending': {
        const person = await accounts.registerPending(action.address);
        if (person) persons.push(person);
      }
    }
  };

  const hashOf = async (userId: string) => {
    const account = await system.get(tokens.accounts).findById(userId);
    return account?.passwordHash ?? '';
  };

  const failOften = async ({ id }: Person, times: number) => {
    const checkedHash = await hashOf(id);
    for (let n = 0; n < times; n += 1) {
      const now = system.get(tokens.clock).now();
      const data = { checkedHash, client: stranger.client, policy: lockout, now };
      const command = { type: 'RecordSignInFailure', data } as const;
      await commands.execute(userAggregate, id, command, stranger);
    }
  };

  const rehash = async ({ id, password }: Person) => {
    const [checkedHash, now] = [await hashOf(id), system.get(tokens.clock).now()];
    // Another hash of the same password: sign-ins still succeed.
    const passwordHash = await system.get(tokens.passwords).hash(password);
    const data = { checkedHash, passwordHash, now };
    await commands.execute(userAggregate, id, { type: 'RehashPassword', data }, visitor);
  };

  const advance = (session: Session, newest: string = session.newest): void => {
    if (newest === session.newest) return;
    session.previous = session.newest;
    session.newest = newest;
  };

  const present = async (session: Session, token: string, by = visitor) => {
    const pair = await http.rotateRefreshToken(token, by);
    session.jti = pair.accessTokenId;
    advance(session, pair.refreshToken);
  };

  const switchHousehold = async ({ id: userId }: Person, action: SwitchAction) => {
    const session = sessions.findLast((candidate) => candidate.userId === userId);
    if (session === undefined) return;
    const householdId = await households.pickHousehold(userId, action.household);
    const accessTokenExpiry = Math.floor(Date.now() / 1_000) + 600;
    const wish = { userId, sessionId: session.id, accessTokenExpiry, householdId };
    const refreshToken = action.refresh ? session.newest : undefined;
    const pair = await http.switchHousehold({ ...wish, refreshToken }, visitor);
    session.jti = pair.accessTokenId;
    advance(session, pair.refreshToken);
  };

  const byUser = async (action: Extract<Action, { user: number }>, person: Person) => {
    const asUser = { ...visitor, actor: person.id };
    switch (action.kind) {
      case 'signIn': {
        const password = action.rightPassword ? person.password : 'not the password';
        return enter(person.id, await http.signIn({ identifier: person.email, password }, visitor));
      }
      case 'failOften':
        return failOften(person, action.times);
      case 'changeDisplayName':
        return http.changeProfile(person.id, { displayName: `Name ${action.name}` }, asUser);
      case 'changeUsername':
        return http.changeProfile(person.id, { username: `name-${action.name}` }, asUser);
      case 'rehash':
        return rehash(person);
      case 'signOutEverywhere':
        return http.endSessions({ userId: person.id, reason: 'sign_out' }, asUser);
      case 'deactivate':
        return system.get(tokens.deactivateUser)(person.id, asUser);
      case 'reactivate':
        return system.get(tokens.reactivateUser)(person.id, asUser);
      case 'switchHousehold':
        return switchHousehold(person, action);
      default:
        return isHouseholdAction(action)
          ? households.do(action, person)
          : accounts.do(action, person);
    }
  };

  const bySession = (action: Extract<Action, { session: number }>, session: Session) => {
    switch (action.kind) {
      case 'refresh':
        return present(session, session.newest);
      case 'replay':
        return present(session, session.previous);
      case 'steal':
        return present(session, session.previous, stranger);
      case 'revokeAccessToken':
        return http.revokeAccessToken({ jti: session.jti, userId: session.userId }, visitor);
      case 'signOut':
        return http.endSession({ userId: session.userId, sessionId: session.id }, visitor);
    }
  };

  const act = async (action: Action): Promise<void> => {
    if (isArrival(action)) return unlessRefused(arrive(action));
    if ('user' in action) {
      const person = pick(persons, action.user);
      return person && unlessRefused(byUser(action, person));
    }
    const session = pick(sessions, action.session);
    return session && unlessRefused(bySession(action, session));
  };

  vi.useFakeTimers({ toFake: ['Date'], now: start });
  try {
    for (const step of steps) {
      if (step.kind === 'wait') vi.setSystemTime(Date.now() + step.seconds * 1_000);
      else if (step.kind === 'atOnce') await Promise.all(step.actions.map(act));
      else await act(step);
    }
  } finally {
    vi.useRealTimers();
  }
};
