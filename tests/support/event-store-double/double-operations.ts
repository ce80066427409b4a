import type { EventStoreDouble } from './event-store-double.ts';

/** What can be asked of a double from another process. */
export const operationsOn = ({ faults, ...double }: EventStoreDouble) => ({
  ...faults,
  events: double.events,
  pause: double.pause,
  resume: double.resume,
  calls: double.calls,
  openCalls: double.openCalls,
});

export type DoubleOperations = ReturnType<typeof operationsOn>;

type ResultOf<Name extends keyof DoubleOperations> = Awaited<ReturnType<DoubleOperations[Name]>>;

/** One message between the processes each way. */
export type Question = Readonly<{ id: number; name: string; values: readonly unknown[] }>;
export type Reply = Readonly<{ id: number; result: unknown; failure: string | undefined }>;

/** Asks the double in the other process, one operation of it by name. */
export type AskDouble = <Name extends keyof DoubleOperations>(
  name: Name,
  ...values: Parameters<DoubleOperations[Name]>
) => Promise<ResultOf<Name>>;
