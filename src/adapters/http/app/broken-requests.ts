import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply } from 'fastify';
import { problemDocument, sendProblem } from '../problems/problem-details.ts';

/**
 * Refuses a path that cannot be decoded or has too long a part: no route's error handler sees it.
 */
export const refuseUnroutablePath = (
  { code }: FastifyError,
  _request: unknown,
  reply: FastifyReply,
): void => {
  sendProblem(reply, code === 'FST_ERR_BAD_URL' ? 'bad_request' : 'route_not_found');
};

/** Answers on the bare socket: the request is not HTTP, too slow, or larger than Node reads. */
export const answerBrokenRequest = (error: Error & { code?: string }, socket: Socket): void => {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = problemDocument('bad_request');
  const body = JSON.stringify(problem);
  socket.end(
    [
      `HTTP/1.1 ${problem.status} Bad Request`,
      'content-type: application/problem+json',
      'cache-control: no-store',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  );
};
