import fc from 'fast-check';
import { fold } from '../../../src/domain/decider.ts';
import { DomainError } from '../../../src/domain/domain-error.ts';
import type { IssuedToken, OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { userDecider } from '../../../src/domain/user/user-decider.ts';
import type { UserEvent } from '../../../src/domain/user/user-events.ts';
import { accountIn, type UserState } from '../../../src/domain/user/user-state.ts';
import {
  changePassword,
  confirmChange,
  confirmEmail,
  guestRegistered,
  pendingRegistered,
  requestChange,
  requestReset,
  requestUpgrade,
  requestVerification,
  resetPassword,
  undoChange,
  upgrade,
} from '../events/account-fixtures.ts';
import { imported } from '../events/projected-event-fixtures.ts';
import { at } from '../events/token-family-fixtures.ts';
import { hash, lockout, recordFailure, registered } from '../events/user-fixtures.ts';
import { deepFreeze } from '../kernel/deep-freeze.ts';

/** A command with its outcome: events or a refusal. `past`: the events before it. */
export type AccountTurn = Readonly<{
  command: UserCommand;
  past: readonly UserEvent[];
  before: UserState;
  events: readonly UserEvent[];
  refusal: string | undefined;
  after: UserState;
}>;

type Step = Readonly<{ kind: keyof typeof makers; pick: number; wait: number; flag: boolean }>;

const ADDRESSES = ['ann@example.com', 'anna@example.com', 'third@example.com'] as const;
const NAMES = ['ann', 'anna', 'ben'] as const;
const LOCALES = ['en', 'de'] as const;
const ROLES = ['user', 'admin'] as const;
const TIERS = ['anonymous', 'free', 'member'] as const;

type Moment = Readonly<{
  seconds: number;
  /** Numbers a new token. */
  fresh: () => number;
  /**
   * Picks a token: mostly one of that purpose, else any, or an unknown one. 0: the latest.
   */
  known: (type: OneTimeTokenType, pick: number) => number;
  state: UserState;
}>;
type Maker = (moment: Moment, step: Step) => UserCommand;

const one = <Item>(items: readonly [Item, ...Item[]], pick: number): Item =>
  items[pick % items.length] ?? items[0];

const passwordHashOf = (state: UserState): string | null => accountIn(state)?.passwordHash ?? null;

const wish = ({ pick, flag }: Step) => ({
  email: one(ADDRESSES, pick),
  ...(flag ? { username: one(NAMES, pick) } : { username: null }),
});

const byMail = {
  requestVerification: ({ fresh, seconds }) => requestVerification(fresh(), seconds),
  requestReset: ({ fresh, seconds }) => requestReset(fresh(), seconds),
  confirmEmail: ({ known, seconds }, { pick, flag }) =>
    confirmEmail(known('email_verification', pick), seconds, flag),
  confirmChange: ({ known, fresh, seconds }, { pick }) =>
    confirmChange(known('email_change', pick), fresh(), seconds),
  undoChange: ({ known, fresh, seconds }, { pick }) =>
    undoChange(known('email_change_undo', pick), fresh(), seconds),
  resetPassword: ({ known, seconds }, { pick, flag }) =>
    resetPassword(known('password_reset', pick), seconds, flag),
} satisfies Record<string, Maker>;

const byOthers = {
  fail: ({ seconds, state }) =>
    recordFailure(seconds, {
      checkedHash: passwordHashOf(state) ?? hash,
      policy: { ...lockout, maxFailures: 3 },
    }),
  changeRole: ({ seconds }, { pick }) => ({
    type: 'ChangeRole',
    data: { role: one(ROLES, pick), now: at(seconds) },
  }),
  changeTier: ({ seconds }, { pick }) => ({
    type: 'ChangeTier',
    data: { tier: one(TIERS, pick), now: at(seconds) },
  }),
  unlock: ({ seconds }) => ({ type: 'UnlockUser', data: { now: at(seconds) } }),
  deactivate: ({ seconds }) => ({ type: 'DeactivateUser', data: { now: at(seconds) } }),
  reactivate: ({ seconds }) => ({ type: 'ReactivateUser', data: { now: at(seconds) } }),
} satisfies Record<string, Maker>;

const bySession = {
  requestChange: ({ fresh, seconds, state }, { pick }) =>
    requestChange(fresh(), seconds, one(ADDRESSES, pick), passwordHashOf(state)),
  changePassword: ({ seconds, state }, { flag }) =>
    changePassword(flag ? passwordHashOf(state) : hash, seconds),
  requestUpgrade: ({ fresh, seconds }, step) => requestUpgrade(fresh(), seconds, wish(step)),
  upgrade: ({ fresh, seconds }, step) => upgrade(fresh(), seconds, wish(step)),
  changeDisplayName: ({ seconds }, { pick }) => ({
    type: 'ChangeDisplayName',
    data: { displayName: one(NAMES, pick), now: at(seconds) },
  }),
  changeUsername: ({ seconds }, { pick }) => ({
    type: 'ChangeUsername',
    data: { username: one(NAMES, pick), now: at(seconds) },
  }),
  changeLocale: ({ seconds }, { pick }) => ({
    type: 'ChangeLocale',
    data: { locale: one(LOCALES, pick), now: at(seconds) },
  }),
} satisfies Record<string, Maker>;

const makers = { ...byMail, ...byOthers, ...bySession } as const;

const isPending = (state: UserState): boolean => (accountIn(state)?.pending ?? null) !== null;

/** The tokens that an event issues, with their purposes. */
export const issuedBy = ({
  type,
  data,
}: UserEvent): Readonly<{ type: OneTimeTokenType; token: IssuedToken }> | undefined => {
  if (type === 'EmailVerificationRequested') return { type: 'email_verification', ...data };
  if (type === 'PasswordResetRequested') return { type: 'password_reset', ...data };
  if (type === 'EmailChangeRequested') return { type: 'email_change', ...data };
  return type === 'EmailChanged' && data.undo !== null
    ? { type: 'email_change_undo', token: data.undo.token }
    : undefined;
};

/** Picks above this are of a token of any purpose. */
const MOSTLY = 5;

const numberOf = (past: readonly UserEvent[], type: OneTimeTokenType, pick: number): number => {
  const issued = past.flatMap((event) => issuedBy(event) ?? []).reverse();
  const numbers = issued
    .filter((each) => pick >= MOSTLY || each.type === type)
    .map(({ token }) => Number(`0x${token.id}`) / 2);
  return numbers[pick % MOSTLY] ?? 0;
};

/** Decides and returns the events or the refusal; throws any other error. */
export const decideOnUser = (command: UserCommand, state: UserState) => {
  try {
    return { events: userDecider.decide(command, state), refusal: undefined };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { events: [], refusal: error.code };
  }
};

export const anyBeginning = fc.constantFrom<UserEvent>(
  registered,
  pendingRegistered,
  guestRegistered,
  imported,
);

const kinds = Object.keys(makers) as (keyof typeof makers)[];

const stepOf = (kind: fc.Arbitrary<keyof typeof makers>): fc.Arbitrary<Step> =>
  fc.record({
    kind,
    pick: fc.oneof(fc.constant(0), fc.nat({ max: 2 }), fc.nat({ max: 2 * MOSTLY })),
    wait: fc.constantFrom(0, 0, 1, 60, 3_600, 86_400, 604_800),
    flag: fc.boolean(),
  });

/** Steps in sequence, with other steps in between. */
const flows: readonly (readonly (keyof typeof makers)[])[] = [
  ['requestVerification', 'confirmEmail'],
  ['requestReset', 'resetPassword'],
  ['requestChange', 'confirmChange'],
  ['requestChange', 'confirmChange', 'undoChange'],
];

const anyFlow: fc.Arbitrary<readonly Step[]> = fc
  .constantFrom(...flows)
  .chain((flow) => fc.tuple(...flow.map((kind) => stepOf(fc.constant(kind)))));

const anyStep: fc.Arbitrary<readonly Step[]> = fc.tuple(stepOf(fc.constantFrom(...kinds)));

export const anySteps: fc.Arbitrary<readonly Step[]> = fc
  .array(fc.oneof({ weight: 3, arbitrary: anyStep }, { weight: 2, arbitrary: anyFlow }), {
    minLength: 4,
    maxLength: 20,
  })
  .map((parts) => parts.flat());

/**
 * Plays the steps on one account. A pending account has no session, so steps that need a session
 * are left out then.
 */
export const playAccount = (
  beginning: UserEvent,
  steps: readonly Step[],
): readonly AccountTurn[] => {
  let seconds = 0;
  let tokens = 0;
  let past: readonly UserEvent[] = [beginning];
  let state = deepFreeze(fold(userDecider, userDecider.initialState, past));
  const turns: AccountTurn[] = [];
  for (const step of steps) {
    seconds += step.wait;
    if (step.kind in bySession && isPending(state)) continue;
    const moment: Moment = {
      seconds,
      fresh: () => {
        tokens += 1;
        return tokens;
      },
      known: (type, pick) => numberOf(past, type, pick),
      state,
    };
    const command = deepFreeze(makers[step.kind](moment, step));
    const { events, refusal } = decideOnUser(command, state);
    const after = deepFreeze(fold(userDecider, state, events));
    turns.push({ command, past, before: state, events, refusal, after });
    past = [...past, ...events];
    state = after;
  }
  return turns;
};
