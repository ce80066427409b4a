import { createFindBlastRadius } from '../application/auditing/affected-events/find-blast-radius.ts';
import { createListThefts } from '../application/auditing/theft/list-thefts.ts';
import { createReplayTheft } from '../application/auditing/theft/replay-theft.ts';
import { createTheftReports } from '../application/auditing/theft/theft-report.ts';
import { createApplyUndo } from '../application/auditing/undo/apply-undo.ts';
import { createProposeUndo } from '../application/auditing/undo/propose-undo.ts';
import { createRestoreHousehold } from '../application/auditing/undo/undo-restore-household.ts';
import { createRestoreUser } from '../application/auditing/undo/undo-restore-user.ts';
import type { CompositionModule } from './provide.ts';
import { tokens } from './system-tokens.ts';

/** Registers the analysis of stolen refresh tokens and the undo of what was done with them. */
export const provideAuditingTheft: CompositionModule = (provide, config) => {
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
  provide(tokens.listThefts, (get) =>
    createListThefts({
      auditDirectory: get(tokens.auditDirectory),
      replayTheft: get(tokens.replayTheft),
    }),
  );
  provide(tokens.theftReports, (get) =>
    createTheftReports({ evidence: get(tokens.evidence), replayTheft: get(tokens.replayTheft) }),
  );
  provide(tokens.proposeUndo, (get) =>
    createProposeUndo({
      eventStore: get(tokens.eventStore),
      findBlastRadius: get(tokens.findBlastRadius),
      policy: config.session.replay,
    }),
  );
  provide(tokens.applyUndo, (get) =>
    createApplyUndo({
      proposeUndo: get(tokens.proposeUndo),
      restoreUser: createRestoreUser({
        commands: get(tokens.commands),
        identifiers: get(tokens.identifiers),
        oneTimeTokens: get(tokens.oneTimeTokens),
        endSessionsAlongWith: get(tokens.endSessionsAlongWith),
        changeRole: get(tokens.changeRole),
        changeTier: get(tokens.changeTier),
        deactivateUser: get(tokens.deactivateUser),
        reactivateUser: get(tokens.reactivateUser),
        clock: get(tokens.clock),
      }),
      restoreHousehold: createRestoreHousehold({
        commands: get(tokens.commands),
        endMembershipsAlongWith: get(tokens.endMembershipsAlongWith),
        addresses: get(tokens.invitationAddresses),
        accounts: get(tokens.accounts),
        clock: get(tokens.clock),
      }),
    }),
  );
};
