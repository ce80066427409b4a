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

/** Whether the log still says what a report said of it. */
export type LogComparison = Readonly<{
  /** `gone`: it knows no such family. */
  verdict: 'same' | 'same_but_erased' | 'differs' | 'gone';
  /** Members of the report that differ. */
  differs: readonly string[];
}>;

/** What is to be thought of a report. */
export type ReportCheck =
  | Readonly<{ verified: false; reason: EvidenceRefusal | 'not_a_report' }>
  | Readonly<{
      verified: true;
      kid: string;
      /** When the key first signed anything here; null: this database does not remember. */
      knownSince: Instant | null;
      /** Whether it is the key that signs today. */
      current: boolean;
      signedAt: Instant;
      issuer: string;
      report: TheftReplay;
      /** Null: the log was not asked. */
      log: LogComparison | null;
    }>;

type Dependencies = Readonly<{ evidence: EvidenceSigner; replayTheft: ReplayTheft }>;

/** What the person's erasure does to a report: everybody in it is a tombstone. */
const forget = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(forget);
  if (typeof value !== 'object' || value === null) return value;
  const copy = Object.fromEntries(
    Object.entries(value).map(([member, held]) => [member, forget(held)]),
  );
  if (!('ip' in value) || value.ip === null) return copy;
  const client = 'client' in value ? { client: null } : {};
  return { ...copy, ip: ERASED, userAgent: ERASED, ...client };
};

const erased = (report: TheftReplay): TheftReplay => ({
  ...(forget(report) as TheftReplay),
  reproduction: { ...report.reproduction, clients: 'as_recorded' },
});

/** Without its sentences, whose wording depends on the version that signed the report. */
const factsOf = ({ eventId, stream, revision, type, at }: AffectedEvent): string =>
  canonicalJson({ eventId, stream, revision, type, at });

/** What follows from a link in a mail may still have come; what was there may not have gone. */
const radiusStillThere = (report: TheftReplay, now: TheftReplay): boolean => {
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
  // A family that lived on has more to tell by now.
  const ended = report.revocation !== null;
  const members = OF_A_FAMILY.filter(
    (member) => ended && canonicalJson(report[member]) !== canonicalJson(now[member]),
  );
  const timeline = now.timeline.slice(0, ended ? undefined : report.timeline.length);
  return [
    ...members,
    ...(radiusStillThere(report, now) ? [] : ['blastRadius']),
    ...(canonicalJson(report.timeline) === canonicalJson(timeline) ? [] : ['timeline']),
  ];
};

/** What the signature vouches for, held against the log by `compare`. */
export const checkSignedReport = async (
  verdict: VerifiedEvidence,
  compare: (report: TheftReplay) => Promise<LogComparison | null>,
): Promise<ReportCheck> => {
  if (!verdict.verified) return verdict;
  const { payload, kid, knownSince, current } = verdict;
  const { format, report: signed, iat, iss: issuer } = payload;
  if (format !== FORMAT) return { verified: false, reason: 'not_a_report' };
  // What we signed as a report in this format is one.
  const report = signed as TheftReplay;
  const signedAt = new Date(iat * 1000).toISOString();
  const log = await compare(report);
  return { verified: true, kid, knownSince, current, signedAt, issuer, report, log };
};

export type TheftReports = ReturnType<typeof createTheftReports>;

/** Replays that can be believed away from this database. */
export const createTheftReports = ({ evidence, replayTheft }: Dependencies) => {
  const compare = async (report: TheftReplay): Promise<LogComparison> => {
    try {
      const now = await replayTheft(report.familyId);
      const gone = now.reproduction.clients === 'as_recorded';
      const forgotten = gone && report.reproduction.clients === 'compared';
      const differs = differences(forgotten ? erased(report) : report, now);
      if (differs.length > 0) return { verdict: 'differs', differs };
      return { verdict: forgotten ? 'same_but_erased' : 'same', differs };
    } catch (error) {
      const gone = error instanceof ApplicationError && error.code === 'session_not_found';
      if (gone) return { verdict: 'gone', differs: [] };
      throw error;
    }
  };

  return {
    /** A compact JWS. It holds addresses and agents, which no erasure reaches. */
    signTheftReport: (report: TheftReplay): Promise<string> =>
      evidence.sign(THEFT_REPORT, { format: FORMAT, report }),

    /** `trusted`: believe this key and no other. */
    checkTheftReport: async (jws: string, trusted?: EvidenceKey): Promise<ReportCheck> =>
      checkSignedReport(await evidence.verify(THEFT_REPORT, jws.trim(), trusted), compare),
  };
};
