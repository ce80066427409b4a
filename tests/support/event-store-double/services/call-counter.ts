import type { EventEmitter } from 'node:events';

export type CallCounter = ReturnType<typeof createCallCounter>;

/** Counts the calls per method and the open calls. */
export const createCallCounter = () => {
  const counts: Record<string, number> = {};
  let open = 0;
  return {
    /** `call` is open until the client or the server ends it; `onEnd` is called once, then. */
    open: (method: string, call: EventEmitter, onEnd: () => void = () => undefined): void => {
      counts[method] = (counts[method] ?? 0) + 1;
      open += 1;
      // grpc-js emits this event for every end of a call, successful ones included.
      call.once('cancelled', () => {
        open -= 1;
        onEnd();
      });
    },
    /** Counts a request that shares its call with others. */
    count: (method: string): void => {
      counts[method] = (counts[method] ?? 0) + 1;
    },
    counts: (): Readonly<Record<string, number>> => ({ ...counts }),
    openCalls: (): number => open,
  };
};
