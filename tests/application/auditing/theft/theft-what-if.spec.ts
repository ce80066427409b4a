import { describe, expect, it } from 'vitest';
import type { FamilyEvent } from '../../../../src/application/auditing/theft/theft-decisions.ts';
import { reproduce } from '../../../../src/application/auditing/theft/theft-verdict.ts';
import { askWhatIf } from '../../../../src/application/auditing/theft/theft-what-if.ts';
import type { Position } from '../../../../src/application/kernel/event-store.ts';
import type { TokenFamilyEvent } from '../../../../src/domain/token-family/token-family-events.ts';
import { familyStream as stream } from '../../../support/events/projected-event-fixtures.ts';
import {
  accessTokenRevoked,
  at,
  laptop,
  replayed,
  revoked,
  rotated,
  span,
  started,
  strict,
  switched,
  theftDetected,
} from '../../../support/events/token-family-fixtures.ts';

const record = (...events: readonly TokenFamilyEvent[]): readonly FamilyEvent[] =>
  events.map((event, index) => ({
    eventId: `event-${index}`,
    stream,
    revision: BigInt(index),
    position: String(index) as Position,
    event,
    metadata: {
      occurredAt: at(index),
      correlationId: 'request',
      causationId: 'request',
      actor: 'user_ann',
      chain: '',
    },
  }));

const late = theftDetected(
  { cause: 'after_grace', presented: 0, current: 1, ageSeconds: 40, presenter: laptop },
  100,
);
const stolen = record(
  started,
  rotated(1, 60),
  replayed(1, 61),
  late,
  revoked('theft', 100, [span(0, 0, 0), span(1, 2, 61)]),
);
const divergence = (changed: Parameters<typeof askWhatIf>[1]) =>
  askWhatIf(stolen, changed, strict).divergence;

describe('a token that was presented after the grace period', () => {
  const wouldBeReplay = {
    revision: '3',
    at: at(100),
    presentedGeneration: 0,
    was: { kind: 'theft', cause: 'after_grace' },
    wouldBe: { kind: 'replay', cause: null },
  };

  it.each([{ graceSeconds: 41 }, { lostResponse: 'recover' as const }])(
    'would have been issued again with %j',
    (changed) => expect(divergence(changed)).toStrictEqual(wouldBeReplay),
  );

  it.each([{ graceSeconds: 40 }, { lostResponse: 'revoke' as const }, {}])(
    'would still have been a theft with %j',
    (changed) => expect(divergence(changed)).toBeNull(),
  );

  it('would have been detected earlier without a grace period', () =>
    expect(divergence({ graceSeconds: 0 })).toStrictEqual({
      revision: '2',
      at: at(61),
      presentedGeneration: 0,
      was: { kind: 'replay', cause: null },
      wouldBe: { kind: 'theft', cause: 'after_grace' },
    }));

  it('would have been refused with a lower limit of replays', () =>
    expect(divergence({ lostResponse: 'recover', maxReplays: 1 })).toStrictEqual({
      ...wouldBeReplay,
      wouldBe: { kind: 'too_many_replays', cause: null },
    }));
});

describe('a session that switched households', () => {
  const toFlat = switched('hh_flat', 50, { accessTokens: [span(0, 0, 0)], ordinal: 1 });
  const rotatedIn = (householdId: string, ...args: Parameters<typeof rotated>) => {
    const { type, data } = rotated(...args);
    return { type, data: { ...data, householdId } };
  };

  it('has one decision for a refresh with a switch', () =>
    expect(
      reproduce(
        record(
          started,
          toFlat,
          switched('hh_home', 60, { previous: 'hh_flat', accessTokens: [span(1, 1, 50)] }),
          rotatedIn('hh_home', 1, 60, { ordinal: 2 }),
          switched('hh_flat', 70, { accessTokens: [span(2, 2, 60)], cause: 'membership_lost' }),
          rotatedIn('hh_flat', 2, 80, { ordinal: 3 }),
          accessTokenRevoked(3, 80, 85),
          revoked('membership_lost', 90, [span(3, 3, 80)]),
        ),
        strict,
      ),
    ).toStrictEqual({
      verdict: 'proven',
      decisions: 7,
      firstDeviation: null,
      policy: 'recorded',
      clients: 'compared',
    }));

  it('is not reproducible if the refresh is missing or names another household', () => {
    const alone = switched('hh_flat', 50, { accessTokens: [span(0, 0, 0)] });
    for (const rest of [[], [rotatedIn('hh_home', 1, 50)]]) {
      expect(reproduce(record(started, alone, ...rest), strict)).toMatchObject({
        verdict: 'not_reproducible',
        firstDeviation: { revision: '1' },
      });
    }
  });
});
