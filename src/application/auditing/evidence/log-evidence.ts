import type { LogCheckpoints } from './log-checkpoints.ts';
import type { MakeCheckpoint } from './make-checkpoint.ts';
import type { VerifyLog } from './verify-log.ts';

/** What shows whether the log is what was written. */
export type LogEvidence = Readonly<{
  verifyLog: VerifyLog;
  makeCheckpoint: MakeCheckpoint;
  checkpoints: Pick<LogCheckpoints, 'list' | 'read'>;
}>;
