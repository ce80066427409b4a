import fc from 'fast-check';
import type { OneTimeTokenType } from '../../../src/domain/one-time-token.ts';
import type { UserRole, UserTier } from '../../../src/domain/user/user-events.ts';
import { anyHouseholdDeed, type HouseholdDeed, type SwitchDeed } from './random-household-deeds.ts';

type Link = Exclude<OneTimeTokenType, 'password_reset' | 'household_invitation'>;

/** What concerns one account. Numbered addresses are few: several people want the same one. */
export type AccountDeed = Readonly<{ user: number }> &
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

/** What people do, one after the other or at once. Numbers pick among those who are there. */
export type Deed =
  | AccountDeed
  | HouseholdDeed
  | SwitchDeed
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
  | Deed
  | Readonly<{ kind: 'atOnce'; deeds: readonly Deed[] }>
  | Readonly<{ kind: 'wait'; seconds: number }>;

const one = fc.nat({ max: 5 });
const name = fc.nat({ max: 2 });
const userDeed = <const Kind extends string>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), user: one });
const sessionDeed = <const Kind extends string>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), session: one });
const naming = <const Kind extends string>(kind: Kind) =>
  fc.record({ kind: fc.constant(kind), user: one, name });

const address = fc.nat({ max: 1 });
const accountDeed = <const Kind extends string, Rest>(kind: Kind, rest: fc.Arbitrary<Rest>) =>
  fc.tuple(one, rest).map(([user, specifics]) => ({ kind, user, ...specifics }) as const);

const anyAccountDeed: fc.Arbitrary<AccountDeed> = fc.oneof(
  accountDeed('changeLocale', fc.record({ locale: fc.constantFrom('en', 'de') })),
  accountDeed('changeRole', fc.record({ role: fc.constantFrom<UserRole>('user', 'admin') })),
  accountDeed('changeTier', fc.record({ tier: fc.constantFrom<UserTier>('free', 'member') })),
  userDeed('unlock'),
  userDeed('requestVerification'),
  userDeed('requestReset'),
  userDeed('erase'),
  { weight: 2, arbitrary: accountDeed('requestEmailChange', fc.record({ address })) },
  {
    weight: 5,
    arbitrary: accountDeed(
      'useLink',
      fc.record({
        link: fc.constantFrom<Link>('email_verification', 'email_change', 'email_change_undo'),
      }),
    ),
  },
  { weight: 2, arbitrary: naming('resetPassword') },
  naming('changePassword'),
  accountDeed('upgrade', fc.record({ address, verifyFirst: fc.boolean() })),
);

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 12, arbitrary: anyAccountDeed },
  { weight: 14, arbitrary: anyHouseholdDeed },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'startAsGuest' }) },
  { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'adopt' }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('registerPending'), address }),
  },
  { weight: 2, arbitrary: sessionDeed('revokeAccessToken') },
  { weight: 3, arbitrary: fc.constant<Deed>({ kind: 'register' }) },
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
  { weight: 1, arbitrary: userDeed('rehash') },
  { weight: 8, arbitrary: sessionDeed('refresh') },
  { weight: 3, arbitrary: sessionDeed('replay') },
  { weight: 2, arbitrary: sessionDeed('steal') },
  { weight: 2, arbitrary: sessionDeed('signOut') },
  { weight: 1, arbitrary: userDeed('signOutEverywhere') },
  { weight: 1, arbitrary: userDeed('deactivate') },
  { weight: 1, arbitrary: userDeed('reactivate') },
);

const DAY = 86_400;

const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: anyDeed },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('atOnce'),
      deeds: fc.array(anyDeed, { minLength: 2, maxLength: 4 }),
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
