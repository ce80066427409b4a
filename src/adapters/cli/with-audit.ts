import type { ApplyUndo } from '../../application/auditing/apply-undo.ts';
import type { FindUser } from '../../application/auditing/as-of-find-user.ts';
import type { Explanations } from '../../application/auditing/explanations.ts';
import type { Histories } from '../../application/auditing/histories.ts';
import type { ListThefts } from '../../application/auditing/list-thefts.ts';
import type { LogEvidence } from '../../application/auditing/log-evidence.ts';
import type { ProposeUndo } from '../../application/auditing/propose-undo.ts';
import type { ReplayTheft } from '../../application/auditing/replay-theft.ts';
import type { TheftReports } from '../../application/auditing/theft-report.ts';
import type { Clock } from '../../application/ports/clock.ts';
import type { EvidenceSigner } from '../../application/ports/evidence-signer.ts';
import type { IdGenerator } from '../../application/ports/id-generator.ts';

/** Taking back what was done with stolen tokens. */
export type Undoing = Readonly<{
  proposeUndo: ProposeUndo;
  applyUndo: ApplyUndo;
  ids: IdGenerator;
}>;

/** What auditors ask the log. */
export type Audit = Histories &
  Explanations &
  Undoing &
  Readonly<{
    replayTheft: ReplayTheft;
    listThefts: ListThefts;
    theftReports: TheftReports;
    clock: Clock;
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
