import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Agent, Rules, Step } from '../../support/sessions/refresh-protocol-model.ts';
import { play, type Turn } from '../../support/sessions/refresh-protocol-run.ts';

type Party = 'owner' | 'thief';
type Move = Readonly<{ by: Party; pause: number }>;

const rules: Rules = {
  grace: 30_000,
  lostResponse: 'revoke',
  maxReplays: 10,
  idle: 10_000_000,
  absolute: 100_000_000,
  accessToken: 600_000,
};
const AFTER_GRACE = rules.grace + 1;

/**
 * Both hold the same token; from then on each presents the latest token that it received itself.
 * The generation that each one holds depends on the answers, so each move is played on top of all
 * moves before it.
 */
const playParties = (moves: readonly Move[], thiefAgent: Agent, played: Rules): readonly Turn[] => {
  const steps: Step[] = [];
  const holding: Record<Party, number> = { owner: 0, thief: 0 };
  let turns: readonly Turn[] = [];
  let live = 0;
  for (const { by, pause } of moves) {
    const agent = by === 'thief' ? thiefAgent : 'laptop';
    steps.push(
      { kind: 'wait', milliseconds: pause },
      { kind: 'present', agent, behind: live - holding[by], forgedSalt: false },
    );
    turns = play(played, steps);
    const answer = turns.at(-1)?.answer;
    if (answer === 'successor') live += 1;
    if (answer === 'successor' || answer === 'same successor again') holding[by] = live;
  }
  return turns;
};

const anyMoves = fc.array(
  fc.record({
    by: fc.constantFrom<Party>('owner', 'thief'),
    pause: fc.constantFrom(0, 1, 1_000, 29_999, 30_000, 60_000),
  }),
  { maxLength: 15 },
);
const anyAgent = fc.constantFrom<Agent>('laptop', 'stranger');
const bothOnceMore: readonly Move[] = [
  { by: 'owner', pause: AFTER_GRACE },
  { by: 'thief', pause: AFTER_GRACE },
];

const stillLives = (turns: readonly Turn[]) => turns.at(-1)?.after.status === 'live';

describe('a thief who has copied the token of an owner', () => {
  it('is detected before both have refreshed once more, at intervals longer than the grace window', () => {
    fc.assert(
      fc.property(anyMoves, anyAgent, (moves, agent) => {
        expect(stillLives(playParties([...moves, ...bothOnceMore], agent, rules))).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it('with another user agent is detected at once when refreshing second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.nat({ max: 60_000 }), (ahead, pause) => {
        const owner = Array.from({ length: ahead }, (): Move => ({ by: 'owner', pause: 1 }));
        const turns = playParties([...owner, { by: 'thief', pause }], 'stranger', {
          ...rules,
          lostResponse: 'recover',
        });
        expect(turns.map(({ answer }) => answer)).toStrictEqual([
          ...owner.map(() => 'successor'),
          'theft',
        ]);
      }),
    );
  });

  it('is detected when either falls two generations behind, even with the policy to recover', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.nat({ max: 60_000 }),
        fc.constantFrom<[Party, Party]>(['owner', 'thief'], ['thief', 'owner']),
        (ahead, pause, [faster, slower]) => {
          const moves = Array.from({ length: ahead }, (): Move => ({ by: faster, pause: 1 }));
          const turns = playParties([...moves, { by: slower, pause }], 'laptop', {
            ...rules,
            lostResponse: 'recover',
          });
          expect(turns.at(-1)?.answer).toBe('theft');
          expect(turns.at(-1)?.events.map(({ type }) => type)).toStrictEqual([
            'TokenTheftDetected',
            'TokenFamilyRevoked',
          ]);
        },
      ),
    );
  });

  it('receives no other token than the one that the owner has', () => {
    fc.assert(
      fc.property(anyMoves, (moves) => {
        const handedOut = playParties(moves, 'laptop', rules).flatMap(({ events }) =>
          events.flatMap(({ type, data }) =>
            type === 'RefreshTokenRotated' || type === 'RefreshTokenReplayed'
              ? [data.generation]
              : [],
          ),
        );
        // The generation that is issued never decreases.
        expect(handedOut).toStrictEqual([...handedOut].sort((a, b) => a - b));
      }),
    );
  });
});

describe('an owner whose tokens were not copied', () => {
  it('is never taken for a thief, however often responses are lost within the grace window', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat({ max: 2_999 }))), (refreshes) => {
        const steps = refreshes.flatMap(([lost, pause]): Step[] => {
          const wait: Step = { kind: 'wait', milliseconds: pause };
          const first: Step = { kind: 'present', agent: 'laptop', behind: 0, forgedSalt: false };
          return lost ? [wait, first, wait, { ...first, behind: 1 }] : [wait, first];
        });
        const answers = new Set(play(rules, steps).map(({ answer }) => answer));
        answers.delete('successor');
        answers.delete('same successor again');
        expect([...answers]).toStrictEqual([]);
      }),
    );
  });
});
