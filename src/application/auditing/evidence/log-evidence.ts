import type { LogCheckpoints } from './log-checkpoints.ts';
import type { MakeCheckpoint } from './make-checkpoint.ts';
import type { VerifyLog } from './verify-log.ts';

/** Makes and checks the evidence that the log is unchanged. */
export type LogEvidence = Readonly<{
  verifyLog: VerifyLog;
  makeCheckpoint: MakeCheckpoint;
  checkpoints: Pick<LogCheckpoints, 'list' | 'read'>;
}>;
