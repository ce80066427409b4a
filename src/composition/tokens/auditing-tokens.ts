import type { Audit } from '../../adapters/cli/auditing/with-audit.ts';
import type { FindBlastRadius } from '../../application/auditing/affected-events/find-blast-radius.ts';
import type { AuditDirectory } from '../../application/auditing/audit-directory.ts';
import type { EventDirectory } from '../../application/auditing/event-directory.ts';
import type { EvidenceSigner } from '../../application/auditing/evidence/evidence-signer.ts';
import type { KeepCheckpoints } from '../../application/auditing/evidence/keep-checkpoints.ts';
import type { LogCheckpoints } from '../../application/auditing/evidence/log-checkpoints.ts';
import type { LogEvidence } from '../../application/auditing/evidence/log-evidence.ts';
import type { StoredLog } from '../../application/auditing/evidence/stored-log.ts';
import type { Explanations } from '../../application/auditing/explanation/explanations.ts';
import type { Histories } from '../../application/auditing/history/histories.ts';
import type { SearchEvents } from '../../application/auditing/search-events.ts';
import type { ListThefts } from '../../application/auditing/theft/list-thefts.ts';
import type { ReplayTheft } from '../../application/auditing/theft/replay-theft.ts';
import type { TheftReports } from '../../application/auditing/theft/theft-report.ts';
import type { ApplyUndo } from '../../application/auditing/undo/apply-undo.ts';
import type { ProposeUndo } from '../../application/auditing/undo/propose-undo.ts';
import { token } from './token.ts';

export const auditingTokens = {
  events: token<EventDirectory>('EventDirectory'),
  auditDirectory: token<AuditDirectory>('AuditDirectory'),
  histories: token<Histories>('Histories'),
  explanations: token<Explanations>('Explanations'),
  evidence: token<EvidenceSigner>('EvidenceSigner'),
  storedLog: token<StoredLog>('StoredLog'),
  logCheckpoints: token<LogCheckpoints>('LogCheckpoints'),
  logEvidence: token<LogEvidence>('LogEvidence'),
  keepCheckpoints: token<KeepCheckpoints>('KeepCheckpoints'),
  findBlastRadius: token<FindBlastRadius>('FindBlastRadius'),
  replayTheft: token<ReplayTheft>('ReplayTheft'),
  listThefts: token<ListThefts>('ListThefts'),
  theftReports: token<TheftReports>('TheftReports'),
  proposeUndo: token<ProposeUndo>('ProposeUndo'),
  applyUndo: token<ApplyUndo>('ApplyUndo'),
  audit: token<Audit>('Audit'),
  searchEvents: token<SearchEvents>('SearchEvents'),
} as const;
