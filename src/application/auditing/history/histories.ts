import type { Clock } from '../../kernel/clock.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { AuditDirectory } from '../audit-directory.ts';
import type { EventDirectory } from '../event-directory.ts';
import { createReadFamilyAsOf } from './as-of-family.ts';
import { createReadHouseholdAsOf } from './as-of-household.ts';
import { createFindMoment } from './as-of-moment.ts';
import { createReadPast } from './as-of-streams.ts';
import { createReadUserAsOf } from './as-of-user.ts';

/** The ports that histories read. */
export type HistoryDependencies = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  events: EventDirectory;
  audits: Pick<AuditDirectory, 'familiesOf' | 'householdsOf'>;
  clock: Clock;
}>;

export type Histories = ReturnType<typeof createHistories>;

/** Reads users, households and sessions as they are or were. */
export const createHistories = ({ eventStore, events, audits, clock }: HistoryDependencies) => {
  const findMoment = createFindMoment({ events, clock });
  const readPast = createReadPast({ eventStore });
  return {
    readUserAsOf: createReadUserAsOf({ findMoment, readPast, audits }),
    readHouseholdAsOf: createReadHouseholdAsOf({ findMoment, readPast }),
    readFamilyAsOf: createReadFamilyAsOf({ findMoment, readPast }),
  };
};
