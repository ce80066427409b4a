import type { ReplayTheft } from '../../application/auditing/replay-theft.ts';
import type { EvidenceSigner } from '../../application/ports/evidence-signer.ts';

/** What auditors ask the log. */
export type Audit = Readonly<{ replayTheft: ReplayTheft; evidence: EvidenceSigner }>;

/** One run of a command, on an open system. */
export type WithAudit = <Result>(work: (audit: Audit) => Promise<Result>) => Promise<Result>;
