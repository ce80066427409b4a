import { describe, expect, it } from 'vitest';
import {
  householdAggregate,
  tokenFamilyAggregate,
  userAggregate,
} from '../../../src/application/kernel/aggregate.ts';
import type { TokenFamilyEvent } from '../../../src/domain/token-family/token-family-events.ts';
import { theft } from '../../support/events/projected-event-fixtures.ts';
import { replayed, revoked, rotated, started } from '../../support/events/token-family-fixtures.ts';

describe('the aggregates', () => {
  it('have different categories, none of which contains a dash', () => {
    const categories = [userAggregate, householdAggregate, tokenFamilyAggregate].map(
      ({ category }) => category,
    );
    expect(categories).toStrictEqual(['user', 'household', 'tokenFamily']);
  });

  it('attribute events of users and households to the actor of the command', () => {
    expect(userAggregate.attribute).toBeUndefined();
    expect(householdAggregate.attribute).toBeUndefined();
  });
});

describe('an event of a token family', () => {
  const attributed = (event: TokenFamilyEvent) => tokenFamilyAggregate.attribute?.(event);

  it.each<TokenFamilyEvent>([theft, revoked('theft', 65, [])])(
    'is attributed to the system when it is a verdict: $type',
    (event) => expect(attributed(event)).toBe('system'),
  );

  it.each<TokenFamilyEvent>([
    started,
    rotated(1, 60),
    replayed(1, 61),
    revoked('sign_out', 65, []),
    revoked('admin', 65, []),
    revoked('deactivated', 65, []),
  ])('is attributed to the actor of the command otherwise: $type ($data.reason)', (event) =>
    expect(attributed(event)).toBeUndefined(),
  );
});
