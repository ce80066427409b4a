import type { Instant } from '../../../domain/instant.ts';
import { canonicalJson } from '../../kernel/canonical-json.ts';
import { ApplicationError } from '../../kernel/errors.ts';
import { ERASED } from '../../kernel/event-store.ts';
import type { AffectedEvent } from '../affected-events/blast-radius.ts';
import type {
  EvidenceKey,
  EvidenceRefusal,
  EvidenceSigner,
  EvidenceType,
  VerifiedEvidence,
} from '../evidence/evidence-signer.ts';
import type { ReplayTheft } from './replay-theft.ts';
import type { TheftReplay } from './theft-replay.ts';

export const THEFT_REPORT: EvidenceType = 'latchkey-theft-report+jws';
const FORMAT = 1;

/** Whether the log still agrees with a report. */
export type LogComparison = Readonly<{
  /** `gone`: the log has no such family. */
  verdict: 'same' | 'same_but_erased' | 'differs' | 'gone';
  /** Members of the report that differ. */
  differs: readonly string[];
}>;

/** The result of checking a report. */
export type ReportCheck =
  | Readonly<{ verified: false; reason: EvidenceRefusal | 'not_a_report' }>
  | Readonly<{
      verified: true;
      kid: string;
      /** When the key first signed here; null if this database has no record of it. */
      knownSince: Instant | null;
      /** Whether it is the key in use now. */
      current: boolean;
      signedAt: Instant;
      issuer: string;
      report: TheftReplay;
      /** Null if the report was not compared with the log. */
      log: LogComparison | null;
    }>;

type Dependencies = Readonly<{ evidence: EvidenceSigner; replayTheft: ReplayTheft }>;

/** Replaces the clients in a report as the erasure of the user replaces them in the log. */
const eraseClients = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(eraseClients);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([member, held]) => [member, eraseClients(held)]),
  );
  if (!('ip' in value) || value.ip === null) return copy;
  const client = 'client' in value ? { client: null } : {};
  return { ...copy, ip: ERASED, userAgent: ERASED, ...client };
};

const erased = (report: TheftReplay): TheftReplay => ({
  ...(eraseClients(report) as TheftReplay),
  reproduction: { ...report.reproduction, clients: 'as_recorded' },
});

/** Without its sentences, whose wording depends on the version that signed the report. */
const factsOf = ({ eventId, stream, revision, type, at }: AffectedEvent): string =>
  canonicalJson({ eventId, stream, revision, type, at });

/** Events may have been added since, by links in mails; none may be missing. */
const hasAllAffectedEvents = (report: TheftReplay, now: TheftReplay): boolean => {
  const there = new Set(now.blastRadius?.events.map(factsOf));
  return (report.blastRadius?.events ?? []).every((event) => there.has(factsOf(event)));
};

const OF_A_FAMILY = [
  'userId',
  'startedAt',
  'theft',
  'revocation',
  'reproduction',
  'chain',
  'generations',
  'split',
  'accessTokens',
] as const;

const differences = (report: TheftReplay, now: TheftReplay): readonly string[] => {
  // A family that was live when the report was signed may have changed since.
  const ended = report.revocation !== null;
  const members = OF_A_FAMILY.filter(
    (member) => ended && canonicalJson(report[member]) !== canonicalJson(now[member]),
  );
  const timeline = now.timeline.slice(0, ended ? undefined : report.timeline.length);
  return [
    ...members,
    ...(hasAllAffectedEvents(report, now) ? [] : ['blastRadius']),
    ...(canonicalJson(report.timeline) === canonicalJson(timeline) ? [] : ['timeline']),
  ];
};

/** Reads a verified report, and compares it with the log by `compare`. */
export const checkSignedReport = async (
  verdict: VerifiedEvidence,
  compare: (report: TheftReplay) => Promise<LogComparison | null>,
): Promise<ReportCheck> => {
  if (!verdict.verified) return verdict;
  const { payload, kid, knownSince, current } = verdict;
  const { format, report: signed, iat, iss: issuer } = payload;
  if (format !== FORMAT) return { verified: false, reason: 'not_a_report' };
  // The signature guarantees that a payload of this format is a report.
  const report = signed as TheftReplay;
  const signedAt = new Date(iat * 1000).toISOString();
  const log = await compare(report);
  return { verified: true, kid, knownSince, current, signedAt, issuer, report, log };
};

export type TheftReports = ReturnType<typeof createTheftReports>;

/** Signs replays, which can then be verified without this database, and checks them. */
export const createTheftReports = ({ evidence, replayTheft }: Dependencies) => {
  const compare = async (report: TheftReplay): Promise<LogComparison> => {
    try {
      const now = await replayTheft(report.familyId);
      const isErased = now.reproduction.clients === 'as_recorded';
      const erasedSince = isErased && report.reproduction.clients === 'compared';
      const differs = differences(erasedSince ? erased(report) : report, now);
      if (differs.length > 0) return { verdict: 'differs', differs };
      return { verdict: erasedSince ? 'same_but_erased' : 'same', differs };
    } catch (error) {
      const gone = error instanceof ApplicationError && error.code === 'session_not_found';
      if (gone) return { verdict: 'gone', differs: [] };
      throw error;
    }
  };

  return {
    /**
     * Returns a compact JWS. It holds addresses and user agents, which a later erasure does not
     * reach.
     */
    signTheftReport: (report: TheftReplay): Promise<string> =>
      evidence.sign(THEFT_REPORT, { format: FORMAT, report }),

    /** `trusted`: the only key to accept. */
    checkTheftReport: async (jws: string, trusted?: EvidenceKey): Promise<ReportCheck> =>
      checkSignedReport(await evidence.verify(THEFT_REPORT, jws.trim(), trusted), compare),
  };
};
