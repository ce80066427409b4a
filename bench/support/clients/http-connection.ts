import net from 'node:net';

/** `body` holds one character per byte. */
export type Answer = Readonly<{ status: number; body: string }>;

/** A persistent connection that carries one request at a time. */
export type HttpConnection = Readonly<{
  /** @throws Error when the server closes the connection */
  send(request: string): Promise<Answer>;
  close(): void;
}>;

const HEAD_END = '\r\n\r\n';
const CONTENT_LENGTH = /\r\ncontent-length: (\d+)/i;

const parse = (received: string): Answer | undefined => {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const length = CONTENT_LENGTH.exec(received.slice(0, headEnd))?.[1] ?? '0';
  const start = headEnd + HEAD_END.length;
  if (received.length < start + Number(length)) return undefined;
  return { status: Number(received.slice(9, 12)), body: received.slice(start) };
};

/**
 * Opens a connection of a client that costs a few microseconds per request. The load generator
 * shares two cores with the measured server, and `node:http` would cost as much as the server.
 */
export const connectHttp = async (port: number): Promise<HttpConnection> => {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true });
  socket.setEncoding('latin1');
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  let received = '';
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  const fail = (error: Error) => {
    waiting?.reject(error);
    waiting = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed the connection')));
  socket.on('data', (chunk: string) => {
    received = received === '' ? chunk : received + chunk;
    const answer = parse(received);
    if (answer === undefined) return;
    received = '';
    const { resolve } = waiting ?? {};
    waiting = undefined;
    resolve?.(answer);
  });
  return {
    send: (request) =>
      new Promise<Answer>((resolve, reject) => {
        waiting = { resolve, reject };
        socket.write(request, 'latin1');
      }),
    close: () => void socket.destroy(),
  };
};

type Parts = Readonly<{ token?: string; agent?: string; body?: object }>;

/** Formats a request as text, ASCII only. */
export const httpRequest = (method: string, path: string, parts: Parts = {}): string => {
  const { token, agent = 'latchkey-bench/1.0', body } = parts;
  const json = body === undefined ? '' : JSON.stringify(body);
  return [
    `${method} ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    `user-agent: ${agent}`,
    ...(token === undefined ? [] : [`authorization: Bearer ${token}`]),
    ...(body === undefined
      ? []
      : ['content-type: application/json', `content-length: ${json.length}`]),
    '',
    json,
  ].join('\r\n');
};
