import type { EventStoreDbClient } from '../../../src/adapters/event-store/eventstoredb/client/eventstoredb-client.ts';
import { TRANSACTION_CATEGORY } from '../../../src/adapters/event-store/eventstoredb/reading/eventstoredb-transactions.ts';

/** Simulates a process that is killed after a number of appends. */
export const killedAfter =
  (appends: number) =>
  (client: EventStoreDbClient): EventStoreDbClient => {
    let left = appends;
    return {
      ...client,
      append: async (...append) => {
        left -= 1;
        if (left < 0) throw new Error('killed');
        return client.append(...append);
      },
    };
  };

/** Simulates a process that pauses before it writes the outcome of its first transaction. */
export const haltedBeforeOutcome = () => {
  let halt = (): void => undefined;
  let goOn = (): void => undefined;
  const halted = new Promise<void>((resolve) => {
    halt = resolve;
  });
  const released = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  return {
    halted,
    goOn: () => goOn(),
    through: (client: EventStoreDbClient): EventStoreDbClient => ({
      ...client,
      append: async (stream, ...append) => {
        if (stream.startsWith(`${TRANSACTION_CATEGORY}-`)) {
          halt();
          await released;
        }
        return client.append(stream, ...append);
      },
    }),
  };
};
