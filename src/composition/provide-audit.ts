import { createFindBlastRadius } from '../application/auditing/find-blast-radius.ts';
import { createReplayTheft } from '../application/auditing/replay-theft.ts';
import { tokens } from '../system-tokens.ts';
import type { Chapter } from './provide.ts';

/** What auditors ask the log. */
export const provideAudit: Chapter = (provide, config) => {
  provide(tokens.findBlastRadius, (get) =>
    createFindBlastRadius({
      eventStore: get(tokens.eventStore),
      auditDirectory: get(tokens.auditDirectory),
    }),
  );
  provide(tokens.replayTheft, (get) =>
    createReplayTheft({
      eventStore: get(tokens.eventStore),
      findBlastRadius: get(tokens.findBlastRadius),
      policy: config.session.replay,
    }),
  );
  provide(tokens.audit, (get) => ({
    replayTheft: get(tokens.replayTheft),
    evidence: get(tokens.evidence),
  }));
};
