import { randomBytes } from 'node:crypto';
import type { IdGenerator } from '../../application/kernel/id-generator.ts';
import { encodeTypeId } from './type-id.ts';
import { createUuidV7, formatUuid } from './uuid-v7.ts';

const SALT_BYTES = 16;

/** Generates random ids, which increase strictly across all kinds of one generator. */
export const createRandomIdGenerator = (): IdGenerator => {
  const nextUuid = createUuidV7();
  return {
    userId: () => encodeTypeId('user', nextUuid()),
    householdId: () => encodeTypeId('hh', nextUuid()),
    invitationId: () => encodeTypeId('inv', nextUuid()),
    recordId: (prefix) => encodeTypeId(prefix, nextUuid()),
    resourceServerId: () => encodeTypeId('rs', nextUuid()),
    familyId: () => formatUuid(nextUuid()),
    eventId: () => formatUuid(nextUuid()),
    salt: () => randomBytes(SALT_BYTES).toString('hex'),
  };
};
