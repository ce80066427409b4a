import type {
  RevocationReason,
  TokenFamilyEvent,
} from '../../domain/token-family/token-family-events.ts';
import { tokenFamilyAggregate } from '../kernel/aggregate.ts';
import type { Clock } from '../kernel/clock.ts';
import type { CommandHandler } from '../kernel/command-handler.ts';
import type { RequestContext } from '../kernel/request-context.ts';
import { revokedAccessTokens } from '../projections/revoked-tokens-projection.ts';
import type { AccessTokenDenylist } from './access-token-denylist.ts';

type Dependencies = Readonly<{
  commands: CommandHandler;
  denylist: AccessTokenDenylist;
  clock: Clock;
}>;

/** Adds the access tokens that `events` of the family revoke to this process's denylist. */
export const denyRevoked = (
  denylist: AccessTokenDenylist,
  familyId: string,
  events: readonly TokenFamilyEvent[],
): void => {
  for (const event of events) {
    for (const { jti, expiresAt } of revokedAccessTokens(familyId, event)) {
      denylist.add(jti, expiresAt);
    }
  }
};

export type RevokeTokenFamily = ReturnType<typeof createRevokeTokenFamily>;

/**
 * Revokes a family and its tokens; does nothing if it is revoked already.
 * @throws DomainError `session_not_found`; ApplicationError `concurrent_update`
 */
export const createRevokeTokenFamily =
  ({ commands, denylist, clock }: Dependencies) =>
  async (familyId: string, reason: RevocationReason, context: RequestContext): Promise<void> => {
    const { events } = await commands.execute(
      tokenFamilyAggregate,
      familyId,
      { type: 'RevokeTokenFamily', data: { reason, now: clock.now() } },
      context,
    );
    denyRevoked(denylist, familyId, events);
  };
