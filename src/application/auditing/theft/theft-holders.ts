import type { Instant } from '../../../domain/instant.ts';
import type { TheftCause, TokenHolder } from '../../../domain/token-family/token-family-events.ts';
import { ERASED } from '../../kernel/event-store.ts';
import type { FamilyEvent } from './theft-decisions.ts';

/** A client as the log records it; erased values are `[erased]`. */
export type Holder = Readonly<{
  ip: string;
  userAgent: string;
  /** The client's number within the family, by user agent and from 1; null if it is erased. */
  client: number | null;
}>;

/** The presentation of a superseded token. */
export type Presentation = Readonly<{
  at: Instant;
  by: Holder;
  outcome: 'replay' | 'theft';
  cause: TheftCause | null;
}>;

/** One refresh token of the family, the client it was issued to, and its later presentations. */
export type HeldGeneration = Readonly<{
  generation: number;
  issuedAt: Instant;
  holder: Holder;
  /** Null for the live token, or the last one of an ended family. */
  supersededAt: Instant | null;
  presentedAgain: readonly Presentation[];
}>;

/** Numbers clients in the order of their first appearance in `events`. */
export const createClientNumbers = (events: readonly FamilyEvent[]) => {
  const hashes = new Set(
    events.flatMap(({ event: { type, data } }) => {
      if (type === 'TokenTheftDetected') return [data.holder.agentHash, data.presenter.agentHash];
      return 'holder' in data ? [data.holder.agentHash] : [];
    }),
  );
  const numbers = new Map([...hashes].map((hash, index) => [hash, index + 1]));
  return ({ ip, userAgent, agentHash }: TokenHolder): Holder => ({
    ip,
    userAgent,
    client: agentHash === ERASED ? null : (numbers.get(agentHash) ?? null),
  });
};

type ToHolder = ReturnType<typeof createClientNumbers>;

const issuesIn = (events: readonly FamilyEvent[], toHolder: ToHolder) =>
  events.flatMap(({ event: { type, data } }) => {
    if (type === 'TokenFamilyStarted') {
      return [{ generation: 0, issuedAt: data.startedAt, holder: toHolder(data.holder) }];
    }
    if (type !== 'RefreshTokenRotated') return [];
    const { generation, rotatedAt: issuedAt, holder } = data;
    return [{ generation, issuedAt, holder: toHolder(holder) }];
  });

type OfGeneration = Readonly<{ generation: number; presentation: Presentation }>;

const presentationsIn = (events: readonly FamilyEvent[], toHolder: ToHolder) =>
  events.flatMap(({ event: { type, data } }): OfGeneration[] => {
    if (type === 'RefreshTokenReplayed') {
      const { replayedAt: at, holder } = data;
      const presentation = { at, by: toHolder(holder), outcome: 'replay', cause: null } as const;
      return [{ generation: data.generation - 1, presentation }];
    }
    if (type !== 'TokenTheftDetected') return [];
    const { detectedAt: at, presenter, cause } = data;
    const presentation = { at, by: toHolder(presenter), outcome: 'theft', cause } as const;
    return [{ generation: data.presentedGeneration, presentation }];
  });

const byGeneration = (
  presentations: readonly OfGeneration[],
): ReadonlyMap<number, readonly Presentation[]> => {
  const found = new Map<number, Presentation[]>();
  for (const { generation, presentation } of presentations) {
    const known = found.get(generation);
    if (known === undefined) found.set(generation, [presentation]);
    else known.push(presentation);
  }
  return found;
};

/** Lists the holders generation by generation. */
export const holdersOf = (events: readonly FamilyEvent[]): readonly HeldGeneration[] => {
  const toHolder = createClientNumbers(events);
  const issues = issuesIn(events, toHolder);
  const presentations = byGeneration(presentationsIn(events, toHolder));
  return issues.map((issue, index) => ({
    ...issue,
    supersededAt: issues[index + 1]?.issuedAt ?? null,
    presentedAgain: presentations.get(issue.generation) ?? [],
  }));
};
