import type { AuditDirectory } from '../../ports/audit-directory.ts';
import type { Clock } from '../../ports/clock.ts';
import type { EventDirectory } from '../../ports/event-directory.ts';
import type { EventStore } from '../../ports/event-store.ts';
import { createReadFamilyAsOf } from './as-of-family.ts';
import { createReadHouseholdAsOf } from './as-of-household.ts';
import { createFindMoment } from './as-of-moment.ts';
import { createReadPast } from './as-of-streams.ts';
import { createReadUserAsOf } from './as-of-user.ts';

/** What looking back rests on. */
export type HistoryDependencies = Readonly<{
  eventStore: Pick<EventStore, 'readStream'>;
  events: EventDirectory;
  audits: Pick<AuditDirectory, 'familiesOf' | 'householdsOf'>;
  clock: Clock;
}>;

export type Histories = ReturnType<typeof createHistories>;

/** How users, households and token families are, or were. */
export const createHistories = ({ eventStore, events, audits, clock }: HistoryDependencies) => {
  const findMoment = createFindMoment({ events, clock });
  const readPast = createReadPast({ eventStore });
  return {
    readUserAsOf: createReadUserAsOf({ findMoment, readPast, audits }),
    readHouseholdAsOf: createReadHouseholdAsOf({ findMoment, readPast }),
    readFamilyAsOf: createReadFamilyAsOf({ findMoment, readPast }),
  };
};
