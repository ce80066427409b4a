import fc from 'fast-check';

/** What people do, one after the other or at once. Numbers pick among those who are there. */
export type Deed =
  | Readonly<{ kind: 'register' }>
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

const anyDeed: fc.Arbitrary<Deed> = fc.oneof(
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

/** Everything that can happen, happens. */
export const fullHistory: readonly Step[] = [
  { kind: 'register' },
  { kind: 'register' },
  { kind: 'changeDisplayName', user: 0, name: 1 },
  { kind: 'changeUsername', user: 0, name: 0 },
  {
    kind: 'atOnce',
    deeds: [
      { kind: 'changeUsername', user: 0, name: 1 },
      { kind: 'changeUsername', user: 1, name: 0 },
      { kind: 'changeUsername', user: 1, name: 1 },
      { kind: 'refresh', session: 0 },
    ],
  },
  { kind: 'rehash', user: 1 },
  { kind: 'signIn', user: 0, rightPassword: true },
  { kind: 'signIn', user: 0, rightPassword: false },
  { kind: 'refresh', session: 1 },
  { kind: 'wait', seconds: 1 },
  { kind: 'replay', session: 1 },
  { kind: 'wait', seconds: 90 },
  { kind: 'refresh', session: 1 },
  { kind: 'steal', session: 1 },
  { kind: 'failOften', user: 1, times: 11 },
  { kind: 'wait', seconds: 31 * DAY },
  { kind: 'register' },
  { kind: 'refresh', session: 3 },
  { kind: 'signOut', session: 0 },
  { kind: 'signOutEverywhere', user: 0 },
  { kind: 'deactivate', user: 2 },
  { kind: 'reactivate', user: 2 },
];
