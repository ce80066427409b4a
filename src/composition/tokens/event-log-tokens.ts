import type { CopyLog } from '../../application/event-log/log-copy.ts';
import type { LogLease } from '../../application/event-log/log-lease.ts';
import { token } from './token.ts';

export const eventLogTokens = {
  logLease: token<LogLease>('LogLease'),
  /** Provided where EventStoreDB is configured. */
  copyLog: token<CopyLog>('CopyLog'),
} as const;
