import { DomainError } from '../../domain/domain-error.ts';
import { earliest, plusSeconds } from '../../domain/instant.ts';
import type { AccountDirectory, Principal } from '../identity/account-directory.ts';
import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import { checkAfterAppend } from '../kernel/check-after-append.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import { ApplicationError } from '../kernel/errors.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import type { AccessTokenDenylist } from '../sessions/access-token-denylist.ts';
import type { RefreshTokenCodec } from '../sessions/refresh-token-codec.ts';
import { denyRevoked } from '../sessions/revoke-token-family.ts';
import type { RotateRefreshToken } from '../sessions/rotate-refresh-token.ts';
import type { SessionPolicy } from '../sessions/session-policy.ts';
import type { IssueTokenPair, TokenPair } from '../sessions/token-pair.ts';
import type { HouseholdDirectory } from './household-directory.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  accounts: AccountDirectory;
  households: HouseholdDirectory;
  refreshTokens: RefreshTokenCodec;
  rotateRefreshToken: RotateRefreshToken;
  issueTokenPair: IssueTokenPair;
  denylist: AccessTokenDenylist;
  clock: Clock;
  policy: Pick<SessionPolicy, 'accessTokenSeconds'>;
}>;

type Input = Readonly<{
  userId: string;
  sessionId: string;
  /** `exp` of the caller's access token, in seconds since the epoch. */
  accessTokenExpiry: number;
  householdId: string;
  /** The refresh token to exchange in the same append; without it none is returned. */
  refreshToken?: string | undefined;
}>;

/** A token pair; without a refresh token if none was presented. */
export type SwitchedSession = Omit<TokenPair, 'refreshToken' | 'refreshExpiresIn'> &
  Partial<Pick<TokenPair, 'refreshToken' | 'refreshExpiresIn'>>;

export type SwitchHousehold = ReturnType<typeof createSwitchHousehold>;

/**
 * Switches a session to another household of its user and revokes its earlier access tokens.
 * Without a refresh token the new access token keeps the expiry of the old one, so that a thief
 * cannot extend a stolen access token by switching.
 * @throws DomainError or ApplicationError `household_not_found`, `refresh_token_invalid`,
 * `refresh_token_reused`, `session_not_found`
 */
export const createSwitchHousehold = ({
  commands,
  accounts,
  households,
  refreshTokens,
  rotateRefreshToken,
  issueTokenPair,
  denylist,
  clock,
  policy,
}: Dependencies) => {
  const findMember = async ({ userId, householdId }: Input): Promise<Principal | undefined> => {
    const principal = await accounts.findPrincipal(userId, householdId);
    return principal?.active === true && principal.householdId !== null ? principal : undefined;
  };

  const exchange = async (
    { sessionId, householdId }: Input,
    refreshToken: string,
    context: RequestContext,
  ): Promise<SwitchedSession> => {
    if (refreshTokens.parse(refreshToken)?.familyId !== sessionId) {
      throw new ApplicationError('refresh_token_invalid');
    }
    return rotateRefreshToken(refreshToken, context, householdId);
  };

  const change = async (
    { sessionId, householdId, accessTokenExpiry }: Input,
    principal: Principal,
    context: RequestContext,
  ): Promise<SwitchedSession> => {
    const now = clock.now();
    const accessTokenExpiresAt = earliest(
      new Date(accessTokenExpiry * 1000).toISOString(),
      plusSeconds(now, policy.accessTokenSeconds),
    );
    const data = { householdId, accessTokenExpiresAt, now };
    const { state, events } = await commands.execute(
      tokenFamilyAggregate,
      sessionId,
      { type: 'SwitchActiveHousehold', data },
      context,
    );
    if (state.status !== 'live') throw new DomainError('session_not_found');
    denyRevoked(denylist, sessionId, events);
    const pair = await issueTokenPair(sessionId, state, principal, now, accessTokenExpiresAt);
    const { refreshToken: _token, refreshExpiresIn: _expiry, ...access } = pair;
    return access;
  };

  /** Moves the session on as the end of the membership would have, had it seen this session. */
  const undo = async (
    { userId, sessionId, householdId }: Input,
    context: RequestContext,
  ): Promise<void> => {
    const fallback = await households.defaultOf(userId, householdId);
    const data = { householdId, fallback, now: clock.now() };
    const command = { type: 'LoseMembership', data } as const;
    const { events } = await commands.execute(tokenFamilyAggregate, sessionId, command, context);
    denyRevoked(denylist, sessionId, events);
  };

  return async (input: Input, context: RequestContext): Promise<SwitchedSession> => {
    const principal = await findMember(input);
    if (principal === undefined) throw new DomainError('household_not_found');
    const { refreshToken } = input;
    const { stored } = await checkAfterAppend({
      append: () =>
        refreshToken === undefined
          ? change(input, principal, context)
          : exchange(input, refreshToken, context),
      readAgain: () => findMember(input),
      findContradiction: (member) => (member === undefined ? 'membership_ended' : undefined),
      compensate: async () => {
        await undo(input, context);
        throw new DomainError('household_not_found');
      },
    });
    return stored;
  };
};
