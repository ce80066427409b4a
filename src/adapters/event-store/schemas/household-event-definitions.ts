import { Type } from 'typebox';
import type { HouseholdCreated } from '../../../domain/household/household-events.ts';
import { defineEvent } from '../event-registry.ts';
import { Id, Instant, strictObject, Text } from './common-schemas.ts';

export const householdEventDefinitions = {
  HouseholdCreated: defineEvent<HouseholdCreated>()(
    'household',
    strictObject({ name: Text, ownerId: Id, home: Type.Boolean(), createdAt: Instant }),
  ),
};
