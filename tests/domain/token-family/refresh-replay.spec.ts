import { describe, it } from 'vitest';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import {
  laptop,
  laptopElsewhere,
  lenient,
  present,
  replayed,
  revoked,
  rotated,
  span,
  started,
  stranger,
  strict,
  theftDetected,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);
const noGrace = { ...strict, graceSeconds: 0 };

describe('the previous token presented by the client that exchanged it', () => {
  const past = [started, rotated(1, 60)];

  it('is answered with the same successor and a new access token', () =>
    given(...past)
      .when(present(0, 60.5))
      .then(replayed(1, 60.5)));

  it('is answered from another address too', () =>
    given(...past)
      .when(present(0, 61, { by: laptopElsewhere }))
      .then(replayed(1, 61, { by: laptopElsewhere })));

  it('is answered in the last millisecond of the grace window', () =>
    given(...past)
      .when(present(0, 89.999))
      .then(replayed(1, 89.999)));

  it('is a theft in the millisecond in which the grace window ends', () =>
    given(...past)
      .when(present(0, 90))
      .then(
        theftDetected(
          {
            cause: 'after_grace',
            presented: 0,
            current: 1,
            ageSeconds: 30,
            presenter: laptop,
          },
          90,
        ),
        revoked('theft', 90, [span(0, 0, 0), span(1, 1, 60)]),
      ));

  it('is answered at any time with the policy to recover', () =>
    given(...past)
      .when(present(0, 86_400, { policy: lenient }))
      .then(replayed(1, 86_400, { policy: lenient })));

  it('is a theft at once with a grace window of 0 seconds', () =>
    given(...past)
      .when(present(0, 60, { policy: noGrace }))
      .then(
        theftDetected(
          {
            cause: 'after_grace',
            presented: 0,
            current: 1,
            ageSeconds: 0,
            presenter: laptop,
            policy: noGrace,
          },
          60,
        ),
        revoked('theft', 60, [span(0, 0, 0), span(1, 1, 60)]),
      ));

  it('is a replay, not a theft, after a clock was set back', () =>
    given(...past)
      .when(present(0, 59))
      .then(replayed(1, 59)));
});

describe('a successor that is issued repeatedly', () => {
  const replays = (count: number) =>
    Array.from({ length: count }, (_, i) => replayed(1, 61 + i, { ordinal: 2 + i }));

  it('is issued the tenth time', () =>
    given(started, rotated(1, 60), ...replays(9))
      .when(present(0, 71))
      .then(replayed(1, 71, { ordinal: 11 })));

  it('is refused the eleventh time without an event', () =>
    given(started, rotated(1, 60), ...replays(10))
      .when(present(0, 72))
      .thenRefused('refresh_token_reused'));

  it('is refused the eleventh time with the policy to recover too', () =>
    given(started, rotated(1, 60), ...replays(10))
      .when(present(0, 86_400, { policy: lenient }))
      .thenRefused('refresh_token_reused'));

  it('can still be exchanged after the limit', () =>
    given(started, rotated(1, 60), ...replays(10))
      .when(present(1, 73))
      .then(rotated(2, 73, { ordinal: 12 })));

  it('does not reduce the limit of the next generation', () =>
    given(started, rotated(1, 60), ...replays(10), rotated(2, 73, { ordinal: 12 }))
      .when(present(1, 74))
      .then(replayed(2, 74, { ordinal: 13 })));

  it('still reveals a theft by another client', () =>
    given(started, rotated(1, 60), ...replays(10))
      .when(present(0, 72, { by: stranger }))
      .then(
        theftDetected(
          { cause: 'other_client', presented: 0, current: 1, ageSeconds: 12, presenter: stranger },
          72,
        ),
        revoked('theft', 72, [span(0, 0, 0), span(1, 11, 70)]),
      ));
});
