import { AsyncLocalStorage } from 'node:async_hooks';
import type { FastifyInstance } from 'fastify';
import type { Position } from '../../../application/kernel/event-store.ts';
import { HttpError } from '../problems/http-error.ts';

/** The position that a request has brought the log to: noted by the append, read by the answer. */
export type RequestPositions = Readonly<{
  note(position: Position): void;
  during(work: () => void): void;
  latest(): Position | undefined;
  /** Milliseconds that the request may still wait for the event store; undefined outside of one. */
  remaining(): number | undefined;
}>;

/** Waits until the tables have reached `position`, within the time that a request can wait. */
export type ReachPosition = (position: Position) => Promise<boolean>;

/** Milliseconds for all calls of one request together. */
const WAIT_MS = 10_000;
const POSITION = /^\d{20}-\d{20}$/;

export const createRequestPositions = (): RequestPositions => {
  const current = new AsyncLocalStorage<{ until: number; position?: Position }>();
  return {
    note: (position) => {
      const request = current.getStore();
      if (request !== undefined && position > (request.position ?? '')) request.position = position;
    },
    during: (work) => current.run({ until: performance.now() + WAIT_MS }, work),
    latest: () => current.getStore()?.position,
    remaining: () => {
      const request = current.getStore();
      return request && request.until - performance.now();
    },
  };
};

/** A refusal and a 202 name no position: it would show that an address has an account. */
const tellsPosition = (status: number): boolean => status < 300 && status !== 202;

/**
 * Lets clients read their own writes on any process: `Latchkey-Position` of a command's answer,
 * sent as `Latchkey-Min-Position`, holds a request back until the tables have reached it.
 * @throws HttpError `position_invalid`, `position_not_reached` from requests
 */
export const registerPositions = (
  app: FastifyInstance,
  positions: RequestPositions,
  reachPosition: ReachPosition,
): void => {
  app.addHook('onRequest', (_request, _reply, done) => positions.during(done));
  app.addHook('onRequest', async ({ headers }) => {
    const wanted = headers['latchkey-min-position'];
    if (wanted === undefined) return;
    if (typeof wanted !== 'string' || !POSITION.test(wanted)) {
      throw new HttpError('position_invalid');
    }
    if (!(await reachPosition(wanted as Position))) {
      throw new HttpError('position_not_reached', { retryAfterSeconds: 1 });
    }
  });
  app.addHook('onSend', async (_request, reply) => {
    const position = positions.latest();
    if (position !== undefined && tellsPosition(reply.statusCode)) {
      void reply.header('latchkey-position', position);
    }
  });
};
