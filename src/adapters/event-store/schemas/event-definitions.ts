import type { EventDefinitions } from '../event-registry.ts';
import { householdEventDefinitions } from './household-event-definitions.ts';
import { tokenFamilyEventDefinitions } from './token-family-event-definitions.ts';
import { userEventDefinitions } from './user-event-definitions.ts';

/** The definitions of every event type that Latchkey ever stored. */
export const eventDefinitions: EventDefinitions = {
  ...userEventDefinitions,
  ...householdEventDefinitions,
  ...tokenFamilyEventDefinitions,
};
