import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply } from 'fastify';
import { problemDocument, sendProblem } from '../problems/problem-details.ts';

/** A path that cannot be decoded, or has too long a part, is no route's, hence no error handler's. */
export const refuseUnroutablePath = (
  { code }: FastifyError,
  _request: unknown,
  reply: FastifyReply,
): void => {
  sendProblem(reply, code === 'FST_ERR_BAD_URL' ? 'bad_request' : 'route_not_found');
};

/** What is no HTTP, or too slow, or more than Node reads: only the bare socket is left to answer on. */
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
