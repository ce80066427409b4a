import type { Figures } from '../../measuring/findings.ts';
import { connectHttp, httpRequest } from '../clients/http-connection.ts';
import type { EventLogSettings } from '../databases/bench-event-store.ts';
import { findFreePort } from './free-port.ts';
import { type LaunchTarget, serverEnvironment, startOptions } from './latchkey-server.ts';
import { type MeasuredProcess, startMeasuredProcess } from './measured-process.ts';

/** A running bench server: the whole service and the bare app in one process. */
export type BenchServer = MeasuredProcess &
  Readonly<{
    /** Port of the whole service. */
    port: number;
    /** Port of the bare app: `/constant`, `/verified`, `/floor`. */
    barePort: number;
    /** Issues access tokens that no request has presented yet. */
    mint(count: number): Promise<string[]>;
    /** Writes `count` times in the server's process, `concurrency` at a time, and measures that. */
    write(what: Written, concurrency: number, count: number): Promise<Figures>;
  }>;

/** What to write: a row, or an event with the rows of its projections. */
export type Written = 'row' | 'displayNameChanged' | 'refreshTokenRotated';

/** More tokens in one answer would block the process for seconds. */
const MINTED_AT_ONCE = 2_000;

const ask = async <Value>(port: number, path: string): Promise<Value> => {
  const connection = await connectHttp(port);
  const { status, body } = await connection.send(httpRequest('GET', path));
  connection.close();
  if (status !== 200) throw new Error(`${path} answered ${status}: ${body}`);
  return JSON.parse(Buffer.from(body, 'latin1').toString('utf8')) as Value;
};

const mint = async (port: number, count: number): Promise<string[]> => {
  const tokens: string[] = [];
  while (tokens.length < count) {
    const wanted = Math.min(MINTED_AT_ONCE, count - tokens.length);
    tokens.push(...(await ask<string[]>(port, `/tokens/${wanted}`)));
  }
  return tokens;
};

export type BenchServerSettings = Readonly<{
  /** Hashes at a time; the service's default when absent. */
  passwordWorkers?: number;
  /** The location of the log; the database by default. */
  eventLog?: EventLogSettings;
}>;

export const startBenchServer = async (
  place: LaunchTarget & BenchServerSettings,
): Promise<BenchServer> => {
  const { copy, connectionString, logFile, passwordWorkers, eventLog } = place;
  const port = await findFreePort();
  const barePort = await findFreePort();
  const server = await startMeasuredProcess({
    command: [...startOptions(), ...copy.benchServer, String(barePort)],
    environment: {
      ...serverEnvironment(connectionString, port),
      ...(passwordWorkers !== undefined && {
        LATCHKEY_PASSWORD_WORKERS: String(passwordWorkers),
      }),
      ...eventLog,
    },
    logFile,
    port,
  });
  return {
    ...server,
    port,
    barePort,
    mint: (count) => mint(barePort, count),
    write: (what, concurrency, count) => ask(barePort, `/write/${what}/${concurrency}/${count}`),
  };
};
