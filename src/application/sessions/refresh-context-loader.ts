import type { TokenFamilyEvent } from '../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../domain/token-family/token-family-state.ts';
import type { Principal } from '../identity/account-directory.ts';
import type { StreamHistory } from '../kernel/event-store.ts';

/** Everything a refresh decides on. `principal` is undefined when there is no such family or user. */
export type RefreshContext = Readonly<{
  family: StreamHistory<TokenFamilyEvent, TokenFamilyState>;
  principal: Principal | undefined;
}>;

/** Loads a token family together with its user's live state, in one round trip where the store can. */
export type RefreshContextLoader = (familyId: string) => Promise<RefreshContext>;
