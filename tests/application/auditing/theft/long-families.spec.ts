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

const GENERATIONS = 50_000;

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

/** Generation by generation, each by another agent, presented twice, its access token revoked. */
const events = storyOf([
  started,
  ...Array.from({ length: GENERATIONS }, (_, index) => index + 1).flatMap((generation) => [
    rotated(generation, 1, { by: { ...laptop, agentHash: `agent ${generation}` } }),
    replayed(generation, 1),
    accessTokenRevoked(generation, 1, 1),
  ]),
]);

describe('a family that somebody made long on purpose', () => {
  it('tells who held what in a moment', () => {
    const begun = performance.now();
    const holders = holdersOf(events);
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(holders).toHaveLength(GENERATIONS + 1);
    expect(holders.at(-2)).toMatchObject({
      holder: { client: GENERATIONS },
      presentedAgain: [{ outcome: 'replay' }],
    });
  });

  it('tells what became of every access token in a moment', () => {
    const begun = performance.now();
    const tokens = accessTokensOf('family', events, undefined);
    expect(performance.now() - begun).toBeLessThan(3_000);
    expect(tokens.filter(({ end }) => end === 'revoked').length).toBeGreaterThanOrEqual(
      GENERATIONS,
    );
  });
});
