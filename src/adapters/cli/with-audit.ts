import type { FindUser } from '../../application/auditing/as-of-find-user.ts';
import type { Explanations } from '../../application/auditing/explanations.ts';
import type { Histories } from '../../application/auditing/histories.ts';
import type { LogEvidence } from '../../application/auditing/log-evidence.ts';
import type { ReplayTheft } from '../../application/auditing/replay-theft.ts';
import type { EvidenceSigner } from '../../application/ports/evidence-signer.ts';

/** What auditors ask the log. */
export type Audit = Histories &
  Explanations &
  Readonly<{
    replayTheft: ReplayTheft;
    evidence: EvidenceSigner;
    findUser: FindUser;
    log: LogEvidence;
  }>;

/** One run of a command, on an open system. */
export type WithAudit = <Result>(
  work: (audit: Audit) => Promise<Result>,
  /** `restored`: even if the event store lacks what the database knows of it. */
  options?: Readonly<{ restored: boolean }>,
) => Promise<Result>;
