import fc from 'fast-check';
import type { OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
import type { UserRole, UserTier } from '../../../src/domain/user/user-events.ts';
import {
  anyHouseholdAction,
  type HouseholdAction,
  type SwitchAction,
} from './random-household-actions.ts';

type Link = Exclude<OneTimeTokenType, 'password_reset' | 'household_invitation'>;

/** Actions on one account. Numbered addresses are few, so that several users want the same one. */
export type AccountAction = Readonly<{ user: number }> &
  (
    | Readonly<{ kind: 'changeLocale'; locale: string }>
    | Readonly<{ kind: 'changeRole'; role: UserRole }>
    | Readonly<{ kind: 'changeTier'; tier: UserTier }>
    | Readonly<{ kind: 'unlock' | 'requestVerification' | 'requestReset' | 'erase' }>
    | Readonly<{ kind: 'requestEmailChange'; address: number }>
    | Readonly<{ kind: 'useLink'; link: Link }>
    | Readonly<{ kind: 'resetPassword' | 'changePassword'; name: number }>
    | Readonly<{ kind: 'upgrade'; address: number; verifyFirst: boolean }>
  );

/** Actions of users, one after the other or at once. Numbers pick among the existing users. */
export type Action =
  | AccountAction
  | HouseholdAction
  | SwitchAction
  | Readonly<{ kind: 'register' | 'startAsGuest' | 'adopt' }>
  | Readonly<{ kind: 'registerPending'; address: number }>
  | Readonly<{ kind: 'revokeAccessToken'; session: number }>
  | Readonly<{ kind: 'signIn'; user: number; rightPassword: boolean }>
  | Readonly<{ kind: 'failOften'; user: number; times: number }>
  | Readonly<{ kind: 'changeDisplayName'; user: number; name: number }>
  | Readonly<{ kind: 'changeUsername'; user: number; name: number }>
  | Readonly<{ kind: 'rehash'; user: number }>
  | Readonly<{ kind: 'refresh'; session: number }>
  | Readonly<{ kind: 'replay'; session: number }>
  | Readonly<{ kind: 'steal'; session: number }>
  | Readonly<{ kind: 'signOut'; session: number }>
  | Readonly<{ kind: 'signOutEverywhere'; user: number }>
  | Readonly<{ kind: 'deactivate'; user: number }>
  | Readonly<{ kind: 'reactivate'; user: number }>;

export type Step =
  | Action
  | Readonly<{ kind: 'atOnce'; actions: readonly Action[] }>
  | Readonly<{ kind: 'wait'; seconds: number }>;

const one = fc.nat({ max: 5 });
const name = fc.nat({ max: 2 });
const userAction = <const Kind extends string>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), user: one });
const sessionAction = <const Kind extends string>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), session: one });
const naming = <const Kind extends string>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), user: one, name });

const address = fc.nat({ max: 1 });
const accountAction = <const Kind extends string, Rest>(kind: Kind, rest: fc.Arbitrary<Rest>) =>
  fc.tuple(one, rest).map(([user, specifics]) => ({ kind, user, ...specifics }) as const);

const anyAccountAction: fc.Arbitrary<AccountAction> = fc.oneof(
  accountAction('changeLocale', fc.record({ locale: fc.constantFrom('en', 'de') })),
  accountAction('changeRole', fc.record({ role: fc.constantFrom<UserRole>('user', 'admin') })),
  accountAction('changeTier', fc.record({ tier: fc.constantFrom<UserTier>('free', 'member') })),
  userAction('unlock'),
  userAction('requestVerification'),
  userAction('requestReset'),
  userAction('erase'),
  { weight: 2, arbitrary: accountAction('requestEmailChange', fc.record({ address })) },
  {
    weight: 5,
    arbitrary: accountAction(
      'useLink',
      fc.record({
        link: fc.constantFrom<Link>('email_verification', 'email_change', 'email_change_undo'),
      }),
    ),
  },
  { weight: 2, arbitrary: naming('resetPassword') },
  naming('changePassword'),
  accountAction('upgrade', fc.record({ address, verifyFirst: fc.boolean() })),
);

const anyAction: fc.Arbitrary<Action> = fc.oneof(
  { weight: 12, arbitrary: anyAccountAction },
  { weight: 14, arbitrary: anyHouseholdAction },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: 'startAsGuest' }) },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: 'adopt' }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('registerPending'), address }),
  },
  { weight: 2, arbitrary: sessionAction('revokeAccessToken') },
  { weight: 3, arbitrary: fc.constant<Action>({ kind: 'register' }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('signIn'), user: one, rightPassword: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('failOften'),
      user: one,
      times: fc.constantFrom(1, 5, 11),
    }),
  },
  { weight: 3, arbitrary: naming('changeDisplayName') },
  { weight: 5, arbitrary: naming('changeUsername') },
  { weight: 1, arbitrary: userAction('rehash') },
  { weight: 8, arbitrary: sessionAction('refresh') },
  { weight: 3, arbitrary: sessionAction('replay') },
  { weight: 2, arbitrary: sessionAction('steal') },
  { weight: 2, arbitrary: sessionAction('signOut') },
  { weight: 1, arbitrary: userAction('signOutEverywhere') },
  { weight: 1, arbitrary: userAction('deactivate') },
  { weight: 1, arbitrary: userAction('reactivate') },
);

const DAY = 86_400;

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: anyAction },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('atOnce'),
      actions: fc.array(anyAction, { minLength: 2, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait'),
      seconds: fc.constantFrom(1, 20, 90, 700, 1_000, DAY, 31 * DAY),
    }),
  },
);

export const anyHistory: fc.Arbitrary<readonly Step[]> = fc
  .array(anyStep, { minLength: 5, maxLength: 40 })
  .map((steps): readonly Step[] => [{ kind: 'register' }, ...steps]);
