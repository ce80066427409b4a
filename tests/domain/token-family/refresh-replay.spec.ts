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

describe('when the token before the live one is presented by the client that exchanged it', () => {
  const past = [started, rotated(1, 60)];

  it('hands out the identical successor with a new access token', () =>
    given(...past)
      .when(present(0, 60.5))
      .then(replayed(1, 60.5)));

  it('does not mind another address', () =>
    given(...past)
      .when(present(0, 61, { by: laptopElsewhere }))
      .then(replayed(1, 61, { by: laptopElsewhere })));

  it('still does in the last millisecond of the grace window', () =>
    given(...past)
      .when(present(0, 89.999))
      .then(replayed(1, 89.999)));

  it('finds a theft in the millisecond the grace window is over', () =>
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

  it('forgives a lost answer at any time where the policy is to recover', () =>
    given(...past)
      .when(present(0, 86_400, { policy: lenient }))
      .then(replayed(1, 86_400, { policy: lenient })));

  it('has no grace where there is none', () =>
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

  it('is a replay, not a theft, for a clock that was set back', () =>
    given(...past)
      .when(present(0, 59))
      .then(replayed(1, 59)));
});

describe('when a successor was handed out again and again', () => {
  const replays = (count: number) =>
    Array.from({ length: count }, (_, i) => replayed(1, 61 + i, { ordinal: 2 + i }));

  it('is handed out the tenth time', () =>
    given(started, rotated(1, 60), ...replays(9))
      .when(present(0, 71))
      .then(replayed(1, 71, { ordinal: 11 })));

  it('is refused the eleventh time, and nothing else happens', () =>
    given(started, rotated(1, 60), ...replays(10))
      .when(present(0, 72))
      .thenRefused('refresh_token_reused'));

  it('is refused the eleventh time where the policy is to recover, too', () =>
    given(started, rotated(1, 60), ...replays(10))
      .when(present(0, 86_400, { policy: lenient }))
      .thenRefused('refresh_token_reused'));

  it('can still be exchanged', () =>
    given(started, rotated(1, 60), ...replays(10))
      .when(present(1, 73))
      .then(rotated(2, 73, { ordinal: 12 })));

  it('leaves the next generation its own ten', () =>
    given(started, rotated(1, 60), ...replays(10), rotated(2, 73, { ordinal: 12 }))
      .when(present(1, 74))
      .then(replayed(2, 74, { ordinal: 13 })));

  it('still gives away a stranger', () =>
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
