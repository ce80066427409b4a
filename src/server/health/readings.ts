import { within } from '../../adapters/event-store/eventstoredb/client/eventstoredb-failures.ts';
import type { EventStoreDb } from '../../adapters/event-store/eventstoredb/eventstoredb.ts';
import type { Readings } from '../../adapters/http/routes/operations/metrics.ts';
import type { MailQueue } from '../../application/mail/mail-queue.ts';

type Parts = Readonly<{
  mailQueue: Pick<MailQueue, 'countWaiting'>;
  eventStoreDb: EventStoreDb | undefined;
}>;

const ANSWER_WITHIN_MS = 2_000;

const readMail = async (queue: Parts['mailQueue']): Promise<Readings> => ({
  mails_waiting: { help: 'Mails not sent yet', value: await queue.countWaiting() },
});

const readStore = async ({ client }: EventStoreDb): Promise<Readings> => {
  const up = await within(client.ping(), { limit: ANSWER_WITHIN_MS }).then(
    () => 1,
    () => 0,
  );
  return { event_store_up: { help: '1 while EventStoreDB answers within two seconds', value: up } };
};

const readProjector = async ({ checkpoint }: EventStoreDb): Promise<Readings> => {
  const { lagMilliseconds, silentMilliseconds, stuck } = await checkpoint.read();
  return {
    projector_lag_seconds: {
      help: 'Delay of the last event that the projector handled',
      value: lagMilliseconds / 1_000,
    },
    projector_stuck: {
      help: '1 while the projector cannot get past an event',
      value: stuck === undefined ? 0 : 1,
    },
    ...(silentMilliseconds !== undefined && {
      projector_silent_seconds: {
        help: 'Time since the projector last reported, in any process',
        value: silentMilliseconds / 1_000,
      },
    }),
  };
};

/** Reads metrics from database and event store; a source that fails is left out. */
export const createReadMetrics =
  ({ mailQueue, eventStoreDb }: Parts) =>
  async (): Promise<Readings> => {
    const readings = await Promise.all(
      [
        readMail(mailQueue),
        ...(eventStoreDb === undefined
          ? []
          : [readStore(eventStoreDb), readProjector(eventStoreDb)]),
      ].map((reading) => reading.catch((): Readings => ({}))),
    );
    return Object.assign({}, ...readings);
  };
