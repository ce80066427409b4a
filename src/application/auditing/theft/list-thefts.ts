import type { Instant } from '../../../domain/instant.ts';
import type { TheftCause } from '../../../domain/token-family/token-family-events.ts';
import { cutPage } from '../../kernel/cut-page.ts';
import type { Position } from '../../kernel/event-store.ts';
import type { AuditDirectory, TheftSearch } from '../audit-directory.ts';
import type { ReplayTheft } from './replay-theft.ts';

type Dependencies = Readonly<{
  auditDirectory: Pick<AuditDirectory, 'thefts'>;
  replayTheft: ReplayTheft;
}>;

/** The summary of a theft. */
export type TheftSummary = Readonly<{
  familyId: string;
  userId: string;
  at: Instant;
  cause: TheftCause;
  presentedGeneration: number;
  currentGeneration: number;
  verdict: 'proven' | 'not_reproducible';
  /**
   * How many events were caused with tokens minted after the split; null if the log does not show.
   */
  radius: number | null;
}>;

/** `next`: the position before which the next page begins; undefined at the end. */
export type TheftPage = Readonly<{
  thefts: readonly TheftSummary[];
  next: Position | undefined;
}>;

export type ListThefts = ReturnType<typeof createListThefts>;

/** Lists the detected thefts, the latest first, each with its replay's verdict. */
export const createListThefts = ({ auditDirectory, replayTheft }: Dependencies) => {
  const summarise = async (familyId: string): Promise<readonly TheftSummary[]> => {
    const { userId, theft, reproduction, blastRadius } = await replayTheft(familyId);
    if (theft === null) return [];
    const { at, cause, presentedGeneration, currentGeneration } = theft;
    const { verdict } = reproduction;
    const radius = blastRadius?.known === true ? blastRadius.events.length : null;
    const generations = { presentedGeneration, currentGeneration };
    return [{ familyId, userId, at, cause, ...generations, verdict, radius }];
  };

  return async ({ limit, ...search }: TheftSearch): Promise<TheftPage> => {
    const found = await auditDirectory.thefts({ ...search, limit: limit + 1 });
    const { items, last } = cutPage(found, limit);
    const thefts: TheftSummary[] = [];
    for (const { stream } of items) thefts.push(...(await summarise(stream.id)));
    return { thefts, next: last?.position };
  };
};
