import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';
import type { ServiceFailure } from './service-failure.ts';

export type ReadCall = ServerWritableStream<streams.ReadReq, streams.ReadResp>;

export type Delivery = ReturnType<typeof createDelivery>;

/** Sends messages on a call with backpressure, and lets a subscription wait for new events. */
export const createDelivery = (call: ReadCall) => {
  let wakeUp: (() => void) | undefined;
  let ended = false;
  const wake = (): void => wakeUp?.();
  const nextWake = () =>
    new Promise<void>((resolve) => {
      wakeUp = resolve;
    });
  const end = (): void => {
    ended = true;
    wake();
  };
  call.on('drain', wake);
  call.once('cancelled', end);
  return {
    wake,
    nextWake,
    isOver: () => ended || call.cancelled,
    /** Resolves when the call can take another message, or has ended. */
    send: async (message: streams.ReadResp): Promise<void> => {
      if (ended || call.cancelled) return;
      call.write(message);
      while (call.writableNeedDrain && !ended) await nextWake();
    },
    finish: (): void => {
      if (!ended) call.end();
      end();
    },
    fail: (failure: ServiceFailure): void => {
      if (!ended) call.emit('error', failure);
      end();
    },
  };
};
