import { describe, it } from 'vitest';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import {
  ABSOLUTE_END,
  IDLE_SECONDS,
  laptopElsewhere,
  present,
  replayed,
  rotated,
  started,
  stranger,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);

describe('the live token', () => {
  it('is exchanged for the next generation', () =>
    given(started).when(present(0, 60)).then(rotated(1, 60)));

  it('is exchanged generation by generation', () =>
    given(started, rotated(1, 60), rotated(2, 120)).when(present(2, 180)).then(rotated(3, 180)));

  it('is exchanged from another address and by another client', () => {
    given(started)
      .when(present(0, 60, { by: laptopElsewhere }))
      .then(rotated(1, 60, { by: laptopElsewhere }));
    given(started)
      .when(present(0, 60, { by: stranger }))
      .then(rotated(1, 60, { by: stranger }));
  });

  it('numbers its access token after those of replays', () =>
    given(started, rotated(1, 60), replayed(1, 61, { ordinal: 2 }))
      .when(present(1, 62))
      .then(rotated(2, 62, { ordinal: 3 })));

  it('is exchanged for a successor that names its key', () => {
    const successor = { tokenHash: 'f'.repeat(64), keyId: 9 };
    const command = present(0, 60);
    const expected = rotated(1, 60);
    given(started)
      .when({ ...command, data: { ...command.data, successor } })
      .then({ ...expected, data: { ...expected.data, refreshToken: successor } });
  });
});

describe('an idle family', () => {
  it('is live in its last millisecond', () =>
    given(started)
      .when(present(0, IDLE_SECONDS - 0.001))
      .then(rotated(1, IDLE_SECONDS - 0.001)));

  it('has expired in the millisecond in which its idle time ends', () =>
    given(started).when(present(0, IDLE_SECONDS)).thenRefused('refresh_token_invalid'));

  it('is idle since its last rotation', () =>
    given(started, rotated(1, 100))
      .when(present(1, IDLE_SECONDS + 99.999))
      .then(rotated(2, IDLE_SECONDS + 99.999)));

  it('takes a superseded token for no theft once it has expired', () =>
    given(started, rotated(1, 1), rotated(2, 2))
      .when(present(0, IDLE_SECONDS + 2, { by: stranger }))
      .thenRefused('refresh_token_invalid'));
});

describe('a family near its absolute end', () => {
  const seconds = 70 * 86_400;
  const busy = [started, rotated(1, 25 * 86_400), rotated(2, 50 * 86_400)];

  it('limits the lifetime of the successor to the remaining time', () => {
    const expected = rotated(3, seconds);
    given(...busy)
      .when(present(2, seconds))
      .then({ ...expected, data: { ...expected.data, expiresAt: ABSOLUTE_END } });
  });

  it('rotates in its last millisecond and not in the next', () => {
    const end = 90 * 86_400;
    given(...busy, rotated(3, seconds))
      .when(present(3, end - 0.001))
      .then(rotated(4, end - 0.001));
    given(...busy, rotated(3, seconds))
      .when(present(3, end))
      .thenRefused('refresh_token_invalid');
  });
});
