import type { EventEmitter } from 'node:events';

export type CallBook = ReturnType<typeof createCallBook>;

/** Counts the calls of each method and those under way. */
export const createCallBook = () => {
  const counts: Record<string, number> = {};
  let open = 0;
  return {
    /** `call` is open until the client or the server ends it; `onEnd` is called once, then. */
    open: (method: string, call: EventEmitter, onEnd: () => void = () => undefined): void => {
      counts[method] = (counts[method] ?? 0) + 1;
      open += 1;
      // grpc-js tells of every end by this name, the good ones too.
      call.once('cancelled', () => {
        open -= 1;
        onEnd();
      });
    },
    /** For what is one of many requests in a call of its own. */
    count: (method: string): void => {
      counts[method] = (counts[method] ?? 0) + 1;
    },
    counts: (): Readonly<Record<string, number>> => ({ ...counts }),
    underWay: (): number => open,
  };
};
