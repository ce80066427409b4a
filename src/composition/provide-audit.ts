import { createReplayTheft } from '../application/use-cases/replay-theft.ts';
import { tokens } from '../system-tokens.ts';
import type { Chapter } from './provide.ts';

/** What auditors ask the log. */
export const provideAudit: Chapter = (provide) => {
  provide(tokens.replayTheft, (get) => createReplayTheft({ eventStore: get(tokens.eventStore) }));
  provide(tokens.audit, (get) => ({
    replayTheft: get(tokens.replayTheft),
    evidence: get(tokens.evidence),
  }));
};
