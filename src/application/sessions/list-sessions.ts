import type { Clock } from '../kernel/clock.ts';
import type { SessionDirectory, SessionSummary } from './session-directory.ts';

type Dependencies = Readonly<{ sessions: SessionDirectory; clock: Clock }>;

export type ListSessions = ReturnType<typeof createListSessions>;

/** Lists the user's live sessions by last use, the latest first; `current` marks the caller's. */
export const createListSessions =
  ({ sessions, clock }: Dependencies) =>
  async (
    userId: string,
    currentId: string,
  ): Promise<readonly (SessionSummary & { current: boolean })[]> => {
    const live = await sessions.listLive(userId, clock.now());
    return live.map((session) => ({ ...session, current: session.id === currentId }));
  };
