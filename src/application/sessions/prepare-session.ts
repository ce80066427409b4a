import { type Instant, plusSeconds } from '../../domain/instant.ts';
import type { LiveTokenFamily } from '../../domain/token-family/token-family-state.ts';
import type { Principal } from '../identity/account-directory.ts';
import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { StreamAppend } from '../kernel/event-store.ts';
import type { IdGenerator } from '../kernel/id-generator.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { RefreshTokenCodec } from './refresh-token-codec.ts';
import type { SessionPolicy } from './session-policy.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  refreshTokens: RefreshTokenCodec;
  ids: IdGenerator;
  policy: SessionPolicy;
}>;

type Input = Readonly<{
  principal: Pick<Principal, 'userId' | 'householdId'>;
  deviceName: string | null;
  now: Instant;
}>;

/** A decided session; it is live once `append` is stored, alone or with other appends. */
export type PreparedSession = Readonly<{
  familyId: string;
  family: LiveTokenFamily;
  append: StreamAppend;
}>;

export type PrepareSession = ReturnType<typeof createPrepareSession>;

/** Decides a new session with its first refresh token, on behalf of the user. */
export const createPrepareSession =
  ({ commands, refreshTokens, ids, policy }: Dependencies) =>
  ({ principal, deviceName, now }: Input, context: RequestContext): PreparedSession => {
    const familyId = ids.familyId();
    const salt = ids.salt();
    const keyId = refreshTokens.currentKeyId;
    const { tokenHash } = refreshTokens.derive({ familyId, generation: 0, salt, keyId });
    const { ip, userAgent } = context.client;
    const { state, append } = commands.begin(
      tokenFamilyAggregate,
      familyId,
      {
        type: 'StartTokenFamily',
        data: {
          userId: principal.userId,
          householdId: principal.householdId,
          deviceName,
          holder: { ip, userAgent, agentHash: refreshTokens.agentHash(salt, userAgent) },
          salt,
          refreshToken: { tokenHash, keyId },
          accessTokenExpiresAt: plusSeconds(now, policy.accessTokenSeconds),
          idleExpiresAt: plusSeconds(now, policy.refreshIdleSeconds),
          absoluteExpiresAt: plusSeconds(now, policy.refreshAbsoluteSeconds),
          now,
        },
      },
      { ...context, actor: principal.userId },
    );
    if (state.status !== 'live') throw new TypeError('a family that was just started is live');
    return { familyId, family: state, append };
  };
