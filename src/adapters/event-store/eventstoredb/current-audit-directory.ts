import type { AuditDirectory, EventPlace } from '../../../application/auditing/audit-directory.ts';
import { indexedBy } from './indexed-event.ts';
import type { ProjectorCheckpoint } from './projector-checkpoint.ts';
import type { EventStoreDbLog } from './reading/eventstoredb-log.ts';
import type { FollowedEvent } from './reading/followed-event.ts';

type Dependencies = Readonly<{
  /** Reads the event index, which is as far as the projector. */
  directory: AuditDirectory;
  log: Pick<EventStoreDbLog, 'readPages'>;
  checkpoint: Pick<ProjectorCheckpoint, 'read'>;
}>;

const toPlace = ({ stream, revision, position }: FollowedEvent): EventPlace => ({
  stream,
  revision,
  position,
});

/**
 * Reads the event index and the events after it: without a running server the index is out of date.
 */
export const createCurrentAuditDirectory = ({
  directory,
  log,
  checkpoint,
}: Dependencies): AuditDirectory => {
  const readTail = async (
    wanted: (event: FollowedEvent) => boolean,
  ): Promise<readonly FollowedEvent[]> => {
    const { position } = await checkpoint.read();
    const tail: FollowedEvent[] = [];
    for await (const { events } of log.readPages(position)) tail.push(...events.filter(wanted));
    return tail;
  };

  return {
    familiesOf: directory.familiesOf,

    householdsOf: async (userId) => {
      const tail = await readTail(
        ({ event, metadata }) => indexedBy(event, metadata).member_id === userId,
      );
      const found = await directory.householdsOf(userId);
      return [...new Set([...found, ...tail.map(({ stream }) => stream.id)])].sort();
    },

    eventsOfSession: async (familyId) => {
      const tail = await readTail(
        ({ event, metadata }) => indexedBy(event, metadata).session_id === familyId,
      );
      const found = await directory.eventsOfSession(familyId);
      const last = found.at(-1)?.position ?? '';
      return [...found, ...tail.filter(({ position }) => position > last).map(toPlace)];
    },

    thefts: async ({ since, before, limit }) => {
      const tail = await readTail(
        ({ event, metadata, position }) =>
          event.type === 'TokenTheftDetected' &&
          (since === undefined || metadata.occurredAt >= since) &&
          (before === undefined || position < before),
      );
      const found = await directory.thefts({ since, before, limit });
      const first = found[0]?.position ?? '';
      const late = tail.filter(({ position }) => position > first).map(toPlace);
      return [...late.reverse(), ...found].slice(0, limit);
    },
  };
};
