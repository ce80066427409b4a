import type { TokenFamilyEvent } from '../../domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../domain/token-family/token-family-state.ts';
import type { Principal } from '../identity/account-directory.ts';
import type { StreamHistory } from '../kernel/event-store.ts';

/** The data that a refresh decides on. `principal` is undefined for an unknown family or user. */
export type RefreshContext = Readonly<{
  family: StreamHistory<TokenFamilyEvent, TokenFamilyState>;
  principal: Principal | undefined;
}>;

/** Loads a token family and its user's current state, in one round trip where the store can. */
export type RefreshContextLoader = (familyId: string) => Promise<RefreshContext>;
