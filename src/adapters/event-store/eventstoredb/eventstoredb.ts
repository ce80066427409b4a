import type { Position } from '../../../application/kernel/event-store.ts';
import type { EventStoreDbClient } from './client/eventstoredb-client.ts';
import type { EventStoreDbEventStore } from './eventstoredb-event-store.ts';
import type { EventStoreDbProjector } from './eventstoredb-projector.ts';
import type { ProjectedStreams } from './projected-streams.ts';
import type { ProjectorCheckpoint } from './projector-checkpoint.ts';
import type { EventStoreDbLog } from './reading/eventstoredb-log.ts';
import type { EventStoreDbReading } from './reading/eventstoredb-reading.ts';

/** What a log in EventStoreDB consists of. */
export type EventStoreDb = Readonly<{
  client: EventStoreDbClient;
  reading: EventStoreDbReading;
  log: EventStoreDbLog;
  store: EventStoreDbEventStore;
  projectedStreams: ProjectedStreams;
  checkpoint: ProjectorCheckpoint;
  projector: EventStoreDbProjector;
  /** Whether the tables tell the log up to `position`, within a few seconds. */
  reachPosition(position: Position): Promise<boolean>;
}>;
