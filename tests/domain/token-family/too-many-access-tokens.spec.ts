import { describe, it } from 'vitest';
import type { RotateRefreshToken } from '../../../src/domain/token-family/token-family-commands.ts';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import {
  ACCESS_SECONDS,
  laptop,
  present,
  replayed,
  revoked,
  rotated,
  span,
  started,
  stranger,
  theftDetected,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);

const capped = (command: RotateRefreshToken): RotateRefreshToken => ({
  ...command,
  data: { ...command.data, maxAccessTokens: 2 },
});

describe('a session at its limit of unexpired access tokens', () => {
  it('gets no further one by a rotation', () =>
    given(started, rotated(1, 60))
      .when(capped(present(1, 61)))
      .thenRefused('too_many_access_tokens'));

  it('gets no further one by a replay', () =>
    given(started, rotated(1, 60))
      .when(capped(present(0, 61)))
      .thenRefused('too_many_access_tokens'));

  it('counts the tokens of replays', () =>
    given(started, rotated(1, 60), replayed(1, 61, { ordinal: 2 }))
      .when(capped(present(1, ACCESS_SECONDS + 59)))
      .thenRefused('too_many_access_tokens'));

  it('gets another one once one has expired', () =>
    given(started, rotated(1, 60))
      .when(capped(present(1, ACCESS_SECONDS + 1)))
      .then(rotated(2, ACCESS_SECONDS + 1)));

  it('still detects a theft', () =>
    given(started, rotated(1, 60))
      .when(capped(present(0, 61, { by: stranger })))
      .then(
        theftDetected(
          {
            cause: 'other_client',
            presented: 0,
            current: 1,
            ageSeconds: 1,
            presenter: stranger,
            holder: laptop,
          },
          61,
        ),
        revoked('theft', 61, [span(0, 0, 0), span(1, 1, 60)]),
      ));
});
