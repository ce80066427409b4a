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

describe('when the live token is presented', () => {
  it('issues the next generation', () => given(started).when(present(0, 60)).then(rotated(1, 60)));

  it('goes on generation by generation', () =>
    given(started, rotated(1, 60), rotated(2, 120)).when(present(2, 180)).then(rotated(3, 180)));

  it('does not mind another address or another client', () => {
    given(started)
      .when(present(0, 60, { by: laptopElsewhere }))
      .then(rotated(1, 60, { by: laptopElsewhere }));
    given(started)
      .when(present(0, 60, { by: stranger }))
      .then(rotated(1, 60, { by: stranger }));
  });

  it('counts the access tokens of replays', () =>
    given(started, rotated(1, 60), replayed(1, 61, { ordinal: 2 }))
      .when(present(1, 62))
      .then(rotated(2, 62, { ordinal: 3 })));

  it('names the key of the successor', () => {
    const successor = { tokenHash: 'f'.repeat(64), keyId: 9 };
    const command = present(0, 60);
    const expected = rotated(1, 60);
    given(started)
      .when({ ...command, data: { ...command.data, successor } })
      .then({ ...expected, data: { ...expected.data, refreshToken: successor } });
  });
});

describe('when a family lies idle', () => {
  it('is alive in its last millisecond', () =>
    given(started)
      .when(present(0, IDLE_SECONDS - 0.001))
      .then(rotated(1, IDLE_SECONDS - 0.001)));

  it('is over in the millisecond its idle time is up', () =>
    given(started).when(present(0, IDLE_SECONDS)).thenRefused('refresh_token_invalid'));

  it('counts its idle time from the last rotation', () =>
    given(started, rotated(1, 100))
      .when(present(1, IDLE_SECONDS + 99.999))
      .then(rotated(2, IDLE_SECONDS + 99.999)));

  it('takes a superseded token for no theft once it is over', () =>
    given(started, rotated(1, 1), rotated(2, 2))
      .when(present(0, IDLE_SECONDS + 2, { by: stranger }))
      .thenRefused('refresh_token_invalid'));
});

describe('when a family nears its absolute end', () => {
  const seconds = 70 * 86_400;
  const busy = [started, rotated(1, 25 * 86_400), rotated(2, 50 * 86_400)];

  it('gives the successor only what is left', () => {
    const expected = rotated(3, seconds);
    given(...busy)
      .when(present(2, seconds))
      .then({ ...expected, data: { ...expected.data, expiresAt: ABSOLUTE_END } });
  });

  it('rotates in its last millisecond, and not in the next', () => {
    const end = 90 * 86_400;
    given(...busy, rotated(3, seconds))
      .when(present(3, end - 0.001))
      .then(rotated(4, end - 0.001));
    given(...busy, rotated(3, seconds))
      .when(present(3, end))
      .thenRefused('refresh_token_invalid');
  });
});
