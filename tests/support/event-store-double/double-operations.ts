import type { EventStoreDouble } from './event-store-double.ts';

/** The operations of a double that another process can call. */
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

/** The messages between the processes, one each way. */
export type OperationRequest = Readonly<{ id: number; name: string; values: readonly unknown[] }>;
export type OperationReply = Readonly<{ id: number; result: unknown; failure: string | undefined }>;

/** Calls an operation of the double in the other process by name. */
export type CallDouble = <Name extends keyof DoubleOperations>(
  name: Name,
  ...values: Parameters<DoubleOperations[Name]>
) => Promise<ResultOf<Name>>;
