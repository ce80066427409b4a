import type { EvidenceSigner } from '../../../application/auditing/evidence/evidence-signer.ts';
import type { LogEvidence } from '../../../application/auditing/evidence/log-evidence.ts';
import type { Explanations } from '../../../application/auditing/explanation/explanations.ts';
import type { FindUser } from '../../../application/auditing/history/as-of-find-user.ts';
import type { Histories } from '../../../application/auditing/history/histories.ts';
import type { ListThefts } from '../../../application/auditing/theft/list-thefts.ts';
import type { ReplayTheft } from '../../../application/auditing/theft/replay-theft.ts';
import type { TheftReports } from '../../../application/auditing/theft/theft-report.ts';
import type { ApplyUndo } from '../../../application/auditing/undo/apply-undo.ts';
import type { ProposeUndo } from '../../../application/auditing/undo/propose-undo.ts';
import type { Clock } from '../../../application/kernel/clock.ts';
import type { IdGenerator } from '../../../application/kernel/id-generator.ts';

/** The use cases that undo actions performed with stolen tokens. */
export type Undoing = Readonly<{
  proposeUndo: ProposeUndo;
  applyUndo: ApplyUndo;
  ids: IdGenerator;
}>;

/** The use cases behind the `audit` commands. */
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

/** Runs a command on an open system. */
export type WithAudit = <Result>(
  work: (audit: Audit) => Promise<Result>,
  /** `restored`: accept an event store that lacks events which the database has indexed. */
  options?: Readonly<{ restored: boolean }>,
) => Promise<Result>;
