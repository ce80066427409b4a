import { describe, expect, it } from 'vitest';
import { accessTokensIn } from '../../../../src/application/auditing/history/as-of-access-tokens.ts';
import type { FamilyPast } from '../../../../src/application/auditing/history/as-of-streams.ts';
import type { TokenFamilyEvent } from '../../../../src/domain/token-family/token-family-events.ts';
import {
  accessTokenRevoked,
  at,
  revoked,
  rotated,
  span,
  started,
} from '../../../support/events/token-family-fixtures.ts';

/** Counts how often an event is read. */
const watched = (events: readonly TokenFamilyEvent[]) => {
  let looks = 0;
  const past = events.map((event, index) => ({
    eventId: `event-${index}`,
    stream: { category: 'tokenFamily', id: 'family' },
    revision: BigInt(index),
    metadata: { occurredAt: at(index / 1_000) },
    get event() {
      looks += 1;
      return event;
    },
  }));
  return { past: past as unknown as FamilyPast, looks: () => looks };
};

const GENERATIONS = 1_000;
const refreshes = Array.from({ length: GENERATIONS }, (_, index) => rotated(index + 1, 1));

describe('a session that was refreshed very often', () => {
  it('is read a few times, not once for each of its access tokens', () => {
    const end = revoked('sign_out', 2, [span(0, GENERATIONS, 1)]);
    const { past, looks } = watched([started, ...refreshes, accessTokenRevoked(7, 1, 1), end]);
    const tokens = accessTokensIn(past);
    const endings = tokens.map(({ ended }) => ended?.eventId);
    expect(endings.filter((id) => id === 'event-1002')).toHaveLength(GENERATIONS);
    expect(tokens.find(({ ordinal }) => ordinal === 7)?.ended?.eventId).toBe('event-1001');
    expect(looks()).toBeLessThan(10 * past.length);
  });

  it('ends no access token that was never minted, even if the log names it', () => {
    const { past } = watched([
      started,
      revoked('sign_out', 2, [span(0, Number.MAX_SAFE_INTEGER, 1)]),
    ]);
    expect(accessTokensIn(past)).toHaveLength(1);
  });
});
