import type { Instant } from '../../domain/instant.ts';
import type {
  RevocationReason,
  TheftCause,
  TokenFamilyEvent,
  TokenHolder,
} from '../../domain/token-family/token-family-events.ts';
import { ApplicationError } from '../errors.ts';
import type { EventStore, RecordedEvent } from '../ports/event-store.ts';

/** One event of a family, for an auditor to read. */
export type TimelineEntry = Readonly<{
  revision: string;
  at: Instant;
  type: TokenFamilyEvent['type'];
  actor: string;
  correlationId: string;
  /** The refresh token's generation this is about. */
  generation: number | null;
  /** Who did it, as far as the log may still tell. */
  ip: string | null;
  userAgent: string | null;
  /** Ordinal of the access token minted here. */
  accessToken: number | null;
}>;

/** What happened to a token family, from its first event to its last. */
export type TheftReplay = Readonly<{
  familyId: string;
  userId: string;
  startedAt: Instant;
  /** Null while nobody presented a superseded token. */
  theft: Readonly<{
    at: Instant;
    cause: TheftCause;
    presentedGeneration: number;
    currentGeneration: number;
    ageSeconds: number;
    presenter: Pick<TokenHolder, 'ip' | 'userAgent'>;
    holder: Pick<TokenHolder, 'ip' | 'userAgent'>;
  }> | null;
  /** Null while the family lives. */
  revocation: Readonly<{ at: Instant; reason: RevocationReason }> | null;
  /** Whether every event is chained to the one before it, as it was written. */
  chain: Readonly<{ intact: boolean; firstBroken: string | null }>;
  timeline: readonly TimelineEntry[];
}>;

type FamilyEvent = RecordedEvent<TokenFamilyEvent>;

const partyOf = ({ ip, userAgent }: TokenHolder) => ({ ip, userAgent });
const nobody = { ip: null, userAgent: null };

const specifics = ({
  type,
  data,
}: TokenFamilyEvent): Pick<TimelineEntry, 'generation' | 'accessToken' | 'ip' | 'userAgent'> => {
  switch (type) {
    case 'TokenFamilyStarted':
      return { generation: 0, accessToken: data.accessToken.ordinal, ...partyOf(data.holder) };
    case 'RefreshTokenRotated':
    case 'RefreshTokenReplayed':
      return {
        generation: data.generation,
        accessToken: data.accessToken.ordinal,
        ...partyOf(data.holder),
      };
    case 'TokenTheftDetected':
      return {
        generation: data.presentedGeneration,
        accessToken: null,
        ...partyOf(data.presenter),
      };
    case 'ActiveHouseholdSwitched':
      return { generation: null, accessToken: data.accessToken?.ordinal ?? null, ...nobody };
    case 'AccessTokenRevoked':
      return { generation: null, accessToken: data.accessToken.ordinal, ...nobody };
    case 'TokenFamilyRevoked':
      return { generation: null, accessToken: null, ...nobody };
  }
};

const toEntry = ({ revision, event, metadata }: FamilyEvent): TimelineEntry => ({
  revision: String(revision),
  at: metadata.occurredAt,
  type: event.type,
  actor: metadata.actor,
  correlationId: metadata.correlationId,
  ...specifics(event),
});

const find = <Type extends TokenFamilyEvent['type']>(events: readonly FamilyEvent[], type: Type) =>
  events
    .map(({ event }) => event)
    .find((event): event is Extract<TokenFamilyEvent, { type: Type }> => event.type === type);

const theftIn = (events: readonly FamilyEvent[]): TheftReplay['theft'] => {
  const theft = find(events, 'TokenTheftDetected');
  if (theft === undefined) return null;
  const { detectedAt: at, presenter, holder, userId: _, ...facts } = theft.data;
  return { at, ...facts, presenter: partyOf(presenter), holder: partyOf(holder) };
};

const revocationIn = (events: readonly FamilyEvent[]): TheftReplay['revocation'] => {
  const revoked = find(events, 'TokenFamilyRevoked');
  return revoked === undefined ? null : { at: revoked.data.revokedAt, reason: revoked.data.reason };
};

type Dependencies = Readonly<{ eventStore: Pick<EventStore, 'readStream'> }>;

export type ReplayTheft = ReturnType<typeof createReplayTheft>;

/** Reads a family's whole stream as a story. @throws ApplicationError `session_not_found` */
export const createReplayTheft =
  ({ eventStore }: Dependencies) =>
  async (familyId: string): Promise<TheftReplay> => {
    const record = await eventStore.readStream({ category: 'tokenFamily', id: familyId });
    // The registry vouches that a family's stream holds a family's events.
    const events = record.events as readonly FamilyEvent[];
    const started = find(events, 'TokenFamilyStarted');
    if (started === undefined) throw new ApplicationError('session_not_found');
    return {
      familyId,
      userId: started.data.userId,
      startedAt: started.data.startedAt,
      theft: theftIn(events),
      revocation: revocationIn(events),
      chain: {
        intact: record.firstBroken === undefined,
        firstBroken: record.firstBroken === undefined ? null : String(record.firstBroken),
      },
      timeline: events.map(toEntry),
    };
  };
