import { describe, expect, it } from 'vitest';
import { accessTokensOf } from '../../../../src/application/auditing/theft/theft-access-tokens.ts';
import type { FamilyEvent } from '../../../../src/application/auditing/theft/theft-decisions.ts';
import { holdersOf } from '../../../../src/application/auditing/theft/theft-holders.ts';
import type { TokenFamilyEvent } from '../../../../src/domain/token-family/token-family-events.ts';
import {
  accessTokenRevoked,
  at,
  laptop,
  replayed,
  rotated,
  started,
} from '../../../support/events/token-family-fixtures.ts';
import { countSteps } from '../../../support/kernel/counted-steps.ts';

const GENERATIONS = 2_000;

const storyOf = (events: readonly TokenFamilyEvent[]): readonly FamilyEvent[] =>
  events.map(
    (event, index) =>
      ({
        eventId: `event-${index}`,
        revision: BigInt(index),
        event,
        metadata: { occurredAt: at(index / 1_000) },
      }) as unknown as FamilyEvent,
  );

/**
 * A family whose generations have different agents, are presented twice and have revoked access
 * tokens.
 */
const familyOf = (generations: number): readonly FamilyEvent[] =>
  storyOf([
    started,
    ...Array.from({ length: generations }, (_, index) => index + 1).flatMap((generation) => [
      rotated(generation, 1, { by: { ...laptop, agentHash: `agent ${generation}` } }),
      replayed(generation, 1),
      accessTokenRevoked(generation, 1, 1),
    ]),
  ]);

const events = familyOf(GENERATIONS);
const twice = familyOf(2 * GENERATIONS);

/** Twice the events take twice the steps; quadratic growth would take four times as many. */
const expectLinear = (work: (family: readonly FamilyEvent[]) => unknown): void => {
  const steps = countSteps(() => work(events));
  expect(steps).toBeGreaterThan(events.length);
  expect(countSteps(() => work(twice))).toBeLessThan(2.5 * steps);
};

describe('a family of very many events', () => {
  it('lists the holders in a number of steps that grows linearly', () => {
    expectLinear(holdersOf);
    const holders = holdersOf(events);
    expect(holders).toHaveLength(GENERATIONS + 1);
    expect(holders.at(-2)).toMatchObject({
      holder: { client: GENERATIONS },
      presentedAgain: [{ outcome: 'replay' }],
    });
  });

  it('lists the access tokens in a number of steps that grows linearly', () => {
    expectLinear((family) => accessTokensOf('family', family, undefined));
    const tokens = accessTokensOf('family', events, undefined);
    expect(tokens.filter(({ end }) => end === 'revoked').length).toBeGreaterThanOrEqual(
      GENERATIONS,
    );
  });
});
