import { describe, it } from 'vitest';
import { tokenFamilyDecider } from '../../../src/domain/token-family/token-family-decider.ts';
import {
  at,
  laptop,
  laptopElsewhere,
  lenient,
  present,
  revoked,
  rotated,
  salt,
  span,
  started,
  stranger,
  strict,
  theftDetected,
} from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(tokenFamilyDecider);

describe('a token older than the previous one', () => {
  const past = [started, rotated(1, 60), rotated(2, 61)];

  it.each([
    { presented: 0, policy: strict, by: stranger },
    { presented: 0, policy: lenient, by: laptopElsewhere },
  ])('ends the family within the grace window and with any policy', ({ by, policy }) =>
    given(...past)
      .when(present(0, 62, { by, policy }))
      .then(
        theftDetected(
          {
            cause: 'older_generation',
            presented: 0,
            current: 2,
            ageSeconds: 1,
            presenter: by,
            policy,
          },
          62,
        ),
        revoked('theft', 62, [span(0, 0, 0), span(1, 2, 61)]),
      ),
  );
});

describe('the previous token presented by another client', () => {
  it('ends the family and records both clients', () =>
    given(started, rotated(1, 60, { by: laptopElsewhere }))
      .when(present(0, 60.001, { by: stranger, policy: lenient }))
      .then(
        theftDetected(
          {
            cause: 'other_client',
            presented: 0,
            current: 1,
            ageSeconds: 0,
            presenter: stranger,
            holder: laptopElsewhere,
            policy: lenient,
          },
          60.001,
        ),
        revoked('theft', 60.001, [span(0, 0, 0), span(1, 1, 60)]),
      ));

  it('ends the family also when the thief was faster and the owner presents it', () =>
    given(started, rotated(1, 60, { by: stranger }))
      .when(present(0, 65))
      .then(
        theftDetected(
          {
            cause: 'other_client',
            presented: 0,
            current: 1,
            ageSeconds: 5,
            presenter: laptop,
            holder: stranger,
          },
          65,
        ),
        revoked('theft', 65, [span(0, 0, 0), span(1, 1, 60)]),
      ));
});

describe('a token that this family never issued', () => {
  it.each([
    { why: 'its salt is another one', generation: 1, salt: salt.replace('0f', 'ff') },
    { why: 'its generation lies ahead', generation: 2, salt },
    { why: 'it is superseded and its salt is another one', generation: 0, salt: 'f'.repeat(32) },
  ])('is refused without an event, because $why', ({ generation, salt: presentedSalt }) =>
    given(started, rotated(1, 60))
      .when(present(generation, 61, { by: stranger, salt: presentedSalt }))
      .thenRefused('refresh_token_invalid'),
  );
});

describe('the evidence of a theft', () => {
  it('records the age of the live token in whole seconds, never a negative one', () => {
    const past = [started, rotated(1, 60), rotated(2, 100)];
    const theft = (ageSeconds: number) => ({
      cause: 'older_generation' as const,
      presented: 0,
      current: 2,
      ageSeconds,
      presenter: stranger,
    });
    given(...past)
      .when(present(0, 101.999, { by: stranger }))
      .then(
        theftDetected(theft(1), 101.999),
        revoked('theft', 101.999, [span(0, 0, 0), span(1, 2, 100)]),
      );
    given(...past)
      .when(present(0, 99, { by: stranger }))
      .then(
        theftDetected(theft(0), 99),
        revoked('theft', 99, [span(0, 0, 0), { first: 1, last: 2, expiresAt: at(700) }]),
      );
  });
});
