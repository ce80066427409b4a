import { describe, expect, it } from 'vitest';
import { createRandomIdGenerator } from '../../../src/adapters/system/random-id-generator.ts';
import { isTypeId } from '../../../src/adapters/system/type-id.ts';

const UUID_V7 = /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

describe('the id generator', () => {
  const ids = createRandomIdGenerator();

  it('generates TypeIDs for users, households, invitations and resource servers', () => {
    expect(isTypeId('user', ids.userId())).toBe(true);
    expect(isTypeId('hh', ids.householdId())).toBe(true);
    expect(isTypeId('inv', ids.invitationId())).toBe(true);
    expect(isTypeId('rs', ids.resourceServerId())).toBe(true);
  });

  it('generates plain UUIDv7 for families and events', () => {
    expect(ids.familyId()).toMatch(UUID_V7);
    expect(ids.eventId()).toMatch(UUID_V7);
  });

  it('generates ids that sort in order of generation', () => {
    const made = Array.from({ length: 5000 }, () => ids.userId());
    expect(made).toStrictEqual([...new Set(made)].sort());
  });

  it('generates a new salt of 16 bytes in hex each time', () => {
    const salts = Array.from({ length: 100 }, () => ids.salt());
    expect(salts.every((salt) => /^[\da-f]{32}$/.test(salt))).toBe(true);
    expect(new Set(salts).size).toBe(100);
  });
});
