import { createChangeRole } from '../../../src/application/administration/change-role.ts';
import { createChangeTier } from '../../../src/application/administration/change-tier.ts';
import { createDeactivateUser } from '../../../src/application/administration/deactivate-user.ts';
import { createReactivateUser } from '../../../src/application/administration/reactivate-user.ts';
import { createFindBlastRadius } from '../../../src/application/auditing/affected-events/find-blast-radius.ts';
import type { EventPlace } from '../../../src/application/auditing/audit-directory.ts';
import { createReplayTheft } from '../../../src/application/auditing/theft/replay-theft.ts';
import { createProposeUndo } from '../../../src/application/auditing/undo/propose-undo.ts';
import { createRestoreHousehold } from '../../../src/application/auditing/undo/undo-restore-household.ts';
import { createRestoreUser } from '../../../src/application/auditing/undo/undo-restore-user.ts';
import { householdAggregate, userAggregate } from '../../../src/application/kernel/aggregate.ts';
import type { RequestContext } from '../../../src/application/kernel/request-context.ts';
import { createPrepareSession } from '../../../src/application/sessions/prepare-session.ts';
import { createRotateRefreshToken } from '../../../src/application/sessions/rotate-refresh-token.ts';
import type { HouseholdCommand } from '../../../src/domain/household/household-commands.ts';
import type { UserCommand } from '../../../src/domain/user/user-commands.ts';
import { createErasureServices } from '../erasure/erasure-services.ts';
import { ANN } from '../events/household-fixtures.ts';
import { FLAT } from '../households/household-services.ts';
import { ann, contextFrom, policy } from '../sessions/session-services.ts';

/** The family of the stolen session: access tokens are recognised by ids of this form only. */
export const FAMILY = '01980a5c-1111-7222-8333-444444444444';

/** A context of the thief, with the access token of that number. */
export const byThief = (ordinal = 1): RequestContext => ({
  ...contextFrom('curl/8.0'),
  actor: ANN,
  jti: `${FAMILY}.${ordinal}`,
});

/**
 * A session of Ann whose refresh token a thief has rotated: access token 0 is Ann's, access token 1 the
 * thief's. `detect` lets Ann present her own token, which reveals the theft.
 */
export const createStolenSession = async () => {
  const world = await createErasureServices();
  const { accounts, commands, eventStore } = world;
  const prepareSession = createPrepareSession({
    ...world,
    ids: { ...world.ids, familyId: () => FAMILY },
    policy,
  });
  const rotateRefreshToken = createRotateRefreshToken({ ...world, policy });
  const session = prepareSession(
    { principal: ann, deviceName: null, now: world.clock.now() },
    contextFrom(),
  );
  await commands.append([session.append]);
  const { refreshToken } = await world.issueTokenPair(
    FAMILY,
    session.family,
    ann,
    world.clock.now(),
  );
  world.clock.advance(60);
  await rotateRefreshToken(refreshToken, contextFrom('curl/8.0'));

  /** Places of the events that `isWanted`, in the order of the log. */
  const placesOf = async (
    isWanted: (type: string, jti: string | undefined) => boolean,
  ): Promise<readonly EventPlace[]> => {
    const places: EventPlace[] = [];
    for await (const { stream, revision, position, event, metadata } of eventStore.readAll()) {
      if (isWanted(event.type, metadata.jti)) places.push({ stream, revision, position });
    }
    return places;
  };
  const auditDirectory = {
    ...world.log,
    eventsOfSession: (familyId: string) =>
      placesOf((_type, jti) => jti?.startsWith(`${familyId}.`) === true),
    thefts: async ({ limit, before }: { limit: number; before: string | undefined }) =>
      (await placesOf((type) => type === 'TokenTheftDetected'))
        .filter(({ position }) => before === undefined || position < before)
        .toReversed()
        .slice(0, limit),
  };
  const findBlastRadius = createFindBlastRadius({ eventStore, auditDirectory });
  const evidence = { eventStore, findBlastRadius, policy: policy.replay };
  const administration = { ...world, accounts };
  return {
    ...world,
    auditDirectory,
    findBlastRadius,
    replayTheft: createReplayTheft(evidence),
    proposeUndo: createProposeUndo(evidence),
    restoreUser: createRestoreUser({
      ...world,
      changeRole: createChangeRole(administration),
      changeTier: createChangeTier(administration),
      deactivateUser: createDeactivateUser(administration),
      reactivateUser: createReactivateUser(administration),
    }),
    restoreHousehold: createRestoreHousehold(world),
    /** Gives a command to Ann's account, as the thief unless another context is given. */
    toUser: (command: UserCommand, context = byThief()) =>
      commands.execute(userAggregate, ANN, command, context),
    /** Gives a command to `FLAT`, as the thief unless another context is given. */
    toHousehold: (command: HouseholdCommand, context = byThief()) =>
      commands.execute(householdAggregate, FLAT, command, context),
    detect: async () => {
      await rotateRefreshToken(refreshToken, contextFrom()).catch(() => undefined);
    },
  };
};
