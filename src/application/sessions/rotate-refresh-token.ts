import { fold } from '../../domain/decider.ts';
import { plusSeconds } from '../../domain/instant.ts';
import type { TokenFamilyEvent } from '../../domain/token-family/token-family-events.ts';
import type { AccountDirectory, Principal } from '../identity/account-directory.ts';
import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import { createCoalesce } from '../kernel/coalesce.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AccessTokenDenylist } from './access-token-denylist.ts';
import type { EndSessions } from './end-sessions.ts';
import type { RefreshContextLoader } from './refresh-context-loader.ts';
import type { PresentedRefreshToken, RefreshTokenCodec } from './refresh-token-codec.ts';
import { denyRevoked } from './revoke-token-family.ts';
import type { SessionPolicy } from './session-policy.ts';
import type { IssueTokenPair, TokenPair } from './token-pair.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  loadRefreshContext: RefreshContextLoader;
  accounts: Pick<AccountDirectory, 'findPrincipal'>;
  refreshTokens: RefreshTokenCodec;
  issueTokenPair: IssueTokenPair;
  endSessions: EndSessions;
  denylist: AccessTokenDenylist;
  clock: Clock;
  policy: SessionPolicy;
}>;

type Answer = Readonly<{ pair: TokenPair; generation: number }>;

export type RotateRefreshToken = ReturnType<typeof createRotateRefreshToken>;

/**
 * Exchanges a refresh token for a new pair, or detects that it was stolen and ends its family.
 * @throws ApplicationError or DomainError `refresh_token_invalid`, `refresh_token_reused`
 */
export const createRotateRefreshToken = ({
  commands,
  loadRefreshContext,
  accounts,
  refreshTokens,
  issueTokenPair,
  endSessions,
  denylist,
  clock,
  policy,
}: Dependencies) => {
  /** Another process may have ended or rotated the family since the answer. */
  const isStillGood = async ({ pair, generation }: Answer): Promise<boolean> => {
    const { family, principal } = await loadRefreshContext(pair.sessionId);
    const { decider } = tokenFamilyAggregate;
    const state = fold(decider, family.snapshot ?? decider.initialState, family.events);
    const isLive = state.status === 'live' && state.generation === generation;
    return isLive && principal?.active === true && !denylist.has(pair.accessTokenId);
  };

  const coalesce = createCoalesce<Answer>(clock, isStillGood);

  const command = (
    presented: PresentedRefreshToken,
    { client }: RequestContext,
    switchTo: string | undefined,
  ) => {
    const { familyId, generation, salt } = presented;
    const keyId = refreshTokens.currentKeyId;
    const successor = { familyId, generation: generation + 1, salt, keyId };
    const now = clock.now();
    return {
      type: 'RotateRefreshToken',
      data: {
        presented: { generation, salt },
        successor: { tokenHash: refreshTokens.derive(successor).tokenHash, keyId },
        holder: { ...client, agentHash: refreshTokens.agentHash(salt, client.userAgent) },
        policy: policy.replay,
        ...(switchTo !== undefined && { switchTo }),
        ...(policy.maxAccessTokens !== undefined && { maxAccessTokens: policy.maxAccessTokens }),
        accessTokenExpiresAt: plusSeconds(now, policy.accessTokenSeconds),
        idleExpiresAt: plusSeconds(now, policy.refreshIdleSeconds),
        now,
      },
    } as const;
  };

  /** Ends what a stored theft ends besides its family. */
  const endAfterTheft = async (
    familyId: string,
    userId: string,
    events: readonly TokenFamilyEvent[],
    context: RequestContext,
  ) => {
    denyRevoked(denylist, familyId, events);
    if (policy.theftScope === 'user') await endSessions({ userId, reason: 'theft' }, context);
  };

  /** Reloads the principal if the exchange, or the end of a membership, changed the household. */
  const actingIn = async (householdId: string | null, principal: Principal): Promise<Principal> => {
    if (householdId === null || householdId === principal.householdId) return principal;
    const found = await accounts.findPrincipal(principal.userId, householdId);
    if (found === undefined) throw new ApplicationError('refresh_token_invalid');
    return found;
  };

  const rotate = async (
    presented: PresentedRefreshToken,
    anonymous: RequestContext,
    switchTo: string | undefined,
  ): Promise<Answer> => {
    const { familyId } = presented;
    const { family, principal } = await loadRefreshContext(familyId);
    if (principal === undefined || !principal.active) {
      throw new ApplicationError('refresh_token_invalid');
    }
    // The holder of the token acts as its user; the event's `holder` records the client.
    const context = { ...anonymous, actor: principal.userId };
    const rotation = command(presented, context, switchTo);
    const { state, events } = await commands.execute(
      tokenFamilyAggregate,
      familyId,
      rotation,
      context,
      family,
    );
    if (state.status !== 'live') {
      await endAfterTheft(familyId, principal.userId, events, context);
      throw new ApplicationError('refresh_token_reused');
    }
    denyRevoked(denylist, familyId, events);
    const actor = await actingIn(state.householdId, principal);
    const pair = await issueTokenPair(familyId, state, actor, rotation.data.now);
    return { pair, generation: state.generation };
  };

  /** `switchTo`: the household to activate; the caller has checked the membership. */
  return async (
    refreshToken: string,
    context: RequestContext,
    switchTo?: string,
  ): Promise<TokenPair> => {
    const presented = refreshTokens.parse(refreshToken);
    if (presented === undefined) throw new ApplicationError('refresh_token_invalid');
    // A page that refreshes ten times at once gets one rotation, not one and nine replays.
    const question = JSON.stringify([refreshToken, context.client.userAgent, switchTo]);
    const { pair } = await coalesce(question, () => rotate(presented, context, switchTo));
    return pair;
  };
};
