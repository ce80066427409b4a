import type { Position } from '../../../application/kernel/event-store.ts';
import type { EventStoreDbClient } from './client/eventstoredb-client.ts';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.ts';
import type { EventStoreDbProjector } from './eventstoredb-projector.ts';
import type { ProjectedStreams } from './projected-streams.ts';
import type { ProjectorCheckpoint } from './projector-checkpoint.ts';
import type { EventStoreDbLog } from './reading/eventstoredb-log.ts';
import type { EventStoreDbReading } from './reading/eventstoredb-reading.ts';

/** The parts of an event log in EventStoreDB. */
export type EventStoreDb = Readonly<{
  client: EventStoreDbClient;
  reading: EventStoreDbReading;
  log: EventStoreDbLog;
  store: EventStoreDbEventStore;
  projectedStreams: ProjectedStreams;
  checkpoint: ProjectorCheckpoint;
  projector: EventStoreDbProjector;
  /** Waits up to a few seconds. @returns whether the tables have reached `position` */
  reachPosition(position: Position): Promise<boolean>;
}>;
