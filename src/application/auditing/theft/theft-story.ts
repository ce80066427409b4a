import { secondsBetween } from '../../../domain/instant.ts';
import type { ReplayPolicy } from '../../../domain/token-family/replay-policy.ts';
import type { TokenFamilyEvent } from '../../../domain/token-family/token-family-events.ts';
import type { StreamRecord } from '../../kernel/event-store.ts';
import { accessTokensOf } from './theft-access-tokens.ts';
import type { FamilyEvent } from './theft-decisions.ts';
import { createClientNumbers, type HeldGeneration, holdersOf } from './theft-holders.ts';
import type { FamilyStory, Split, Theft, TheftReplay } from './theft-replay.ts';
import { toTimelineEntry } from './theft-timeline-entries.ts';
import { reproduce } from './theft-verdict.ts';

type Placed<Type extends TokenFamilyEvent['type']> = Readonly<{
  revision: bigint;
  data: Extract<TokenFamilyEvent, { type: Type }>['data'];
}>;

const find = <Type extends TokenFamilyEvent['type']>(
  events: readonly FamilyEvent[],
  type: Type,
): Placed<Type> | undefined => {
  const found = events.find(({ event }) => event.type === type);
  // The type was compared, so the data is of that type.
  return found && { revision: found.revision, data: found.event.data as Placed<Type>['data'] };
};

const splitIn = (
  events: readonly FamilyEvent[],
  generations: readonly HeldGeneration[],
): Split | null => {
  const theft = find(events, 'TokenTheftDetected');
  if (theft === undefined) return null;
  const generation = theft.data.presentedGeneration + 1;
  const issued = generations.find((held) => held.generation === generation);
  const rotation = events.find(
    ({ event }) => event.type === 'RefreshTokenRotated' && event.data.generation === generation,
  );
  if (issued === undefined || rotation === undefined) return null;
  const { issuedAt: at, holder } = issued;
  return { revision: String(rotation.revision), at, generation, holder };
};

const theftIn = (
  events: readonly FamilyEvent[],
  generations: readonly HeldGeneration[],
): Theft | null => {
  const theft = find(events, 'TokenTheftDetected');
  if (theft === undefined) return null;
  const { detectedAt: at, presenter, holder, userId: _, ...facts } = theft.data;
  const toHolder = createClientNumbers(events);
  const presented = generations.find(({ generation }) => generation === facts.presentedGeneration);
  return {
    revision: String(theft.revision),
    at,
    ...facts,
    presentedAgeSeconds: secondsBetween(presented?.issuedAt ?? at, at),
    supersededSeconds: secondsBetween(presented?.supersededAt ?? at, at),
    presenter: toHolder(presenter),
    holder: toHolder(holder),
  };
};

const revocationIn = (events: readonly FamilyEvent[]): TheftReplay['revocation'] => {
  const revoked = find(events, 'TokenFamilyRevoked');
  return revoked === undefined ? null : { at: revoked.data.revokedAt, reason: revoked.data.reason };
};

/** Undefined for a stream without a sign-in. `assumed`: the policy where none is recorded. */
export const storyOf = (
  familyId: string,
  { events: recorded, firstBroken }: StreamRecord,
  assumed: ReplayPolicy,
): FamilyStory | undefined => {
  // The registry guarantees that a family's stream holds events of a family only.
  const events = recorded as readonly FamilyEvent[];
  const started = find(events, 'TokenFamilyStarted');
  if (started === undefined) return undefined;
  const { userId, startedAt } = started.data;
  const generations = holdersOf(events);
  const split = splitIn(events, generations);
  return {
    familyId,
    userId,
    startedAt,
    theft: theftIn(events, generations),
    revocation: revocationIn(events),
    reproduction: reproduce(events, assumed),
    chain: {
      intact: firstBroken === undefined,
      firstBroken: firstBroken === undefined ? null : String(firstBroken),
    },
    generations,
    split,
    accessTokens: accessTokensOf(
      familyId,
      events,
      split === null ? undefined : BigInt(split.revision),
    ),
    timeline: events.map(toTimelineEntry),
  };
};
