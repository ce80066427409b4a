import { createAcceptPassword } from '../../../src/application/identity/accept-password.ts';
import type {
  AccountDirectory,
  Principal,
} from '../../../src/application/identity/account-directory.ts';
import type { OneTimeTokenCodec } from '../../../src/application/identity/one-time-token-codec.ts';
import { createOneTimeTokens } from '../../../src/application/identity/one-time-tokens.ts';
import { createPrepareAccount } from '../../../src/application/identity/prepare-account.ts';
import { tokenFamilyAggregate } from '../../../src/application/kernel/aggregate.ts';
import { createCommandHandler } from '../../../src/application/kernel/command-handler.ts';
import { createRespondInConstantTime } from '../../../src/application/kernel/constant-time-response.ts';
import type { EventShape } from '../../../src/application/kernel/event-store.ts';
import type { IdGenerator } from '../../../src/application/kernel/id-generator.ts';
import type { RequestContext } from '../../../src/application/kernel/request-context.ts';
import { createEndSessions } from '../../../src/application/sessions/end-sessions.ts';
import { createPrepareSession } from '../../../src/application/sessions/prepare-session.ts';
import type { RefreshContextLoader } from '../../../src/application/sessions/refresh-context-loader.ts';
import type { RefreshTokenCodec } from '../../../src/application/sessions/refresh-token-codec.ts';
import { createRevokeTokenFamily } from '../../../src/application/sessions/revoke-token-family.ts';
import type { SessionDirectory } from '../../../src/application/sessions/session-directory.ts';
import type { SessionPolicy } from '../../../src/application/sessions/session-policy.ts';
import { createStoreAlongWithSessions } from '../../../src/application/sessions/store-along-with-sessions.ts';
import { createIssueTokenPair } from '../../../src/application/sessions/token-pair.ts';
import type { TokenFamilyEvent } from '../../../src/domain/token-family/token-family-events.ts';
import type { TokenFamilyState } from '../../../src/domain/token-family/token-family-state.ts';
import { createManualClock } from '../events/manual-clock.ts';
import { lockout } from '../events/user-fixtures.ts';
import { createInMemoryEventStore } from '../kernel/in-memory-event-store.ts';

export const policy: SessionPolicy = {
  accessTokenSeconds: 600,
  refreshIdleSeconds: 86_400,
  refreshAbsoluteSeconds: 7 * 86_400,
  replay: { graceSeconds: 30, lostResponse: 'revoke', maxReplays: 10 },
  maxAccessTokens: undefined,
  theftScope: 'family',
  lockout,
};

export const contextFrom = (userAgent = 'Laptop/1.0'): RequestContext => ({
  correlationId: 'request-1',
  actor: 'anonymous',
  client: { ip: '192.0.2.1', userAgent },
});

export const ann: Principal = {
  userId: 'user_ann',
  active: true,
  role: 'user',
  tier: 'free',
  emailVerified: false,
  householdId: 'hh_home',
  householdRole: 'owner',
};

/** Readable ids, counted per kind: `family-1`, `event-2`. */
const createReadableIds = (): IdGenerator => {
  const counts = new Map<string, number>();
  const next = (kind: string) => () => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return `${kind}-${count}`;
  };
  return {
    userId: next('user'),
    householdId: next('household'),
    invitationId: next('invitation'),
    recordId: (prefix) => next(prefix)(),
    resourceServerId: next('resource-server'),
    familyId: next('family'),
    eventId: next('event'),
    salt: next('salt'),
  };
};

/** Readable tokens: `lkr family-1 0 salt-1 7`. */
const createReadableCodec = (keys: { current: number }): RefreshTokenCodec => ({
  get currentKeyId() {
    return keys.current;
  },
  parse: (token) => {
    const [tag, familyId = '', generation, salt = ''] = token.split(' ');
    return tag === 'lkr' ? { familyId, generation: Number(generation), salt } : undefined;
  },
  derive: ({ familyId, generation, salt, keyId }) => {
    const token = `lkr ${familyId} ${generation} ${salt} ${keyId}`;
    return { token, tokenHash: `hash of ${token}` };
  },
  agentHash: (salt, userAgent) => `${salt}/${userAgent}`,
});

/** `lkv token-1 7`: a one-time token that names its id and its key. */
const createReadableOneTimeCodec = (keys: { current: number }): OneTimeTokenCodec => {
  const written = (id: string, keyId: number) => `lkv ${id} ${keyId}`;
  const hash = (token: string) => (token.startsWith('lkv ') ? `hash of ${token}` : undefined);
  let count = 0;
  return {
    mint: () => {
      count += 1;
      const id = `token-${count}`;
      const keyId = keys.current;
      return { id, keyId, tokenHash: `hash of ${written(id, keyId)}` };
    },
    derive: ({ id, keyId }) => written(id, keyId),
    hash,
  };
};

/** The lifetime of one-time tokens in seconds. */
export const lifetimes = {
  email_verification: 86_400,
  password_reset: 3_600,
  email_change: 86_400,
  email_change_undo: 604_800,
  household_invitation: 604_800,
};

/** The one password that is refused for being common. */
export const COMMON_PASSWORD = 'password1234';

/** The dependencies of session use cases: real ones, with readable fakes for ports. */
export const createSessionServices = () => {
  const clock = createManualClock();
  const eventStore = createInMemoryEventStore();
  const ids = createReadableIds();
  const keys = { current: 7 };
  const refreshTokens = createReadableCodec(keys);
  const commands = createCommandHandler({ eventStore, ids });
  const principals = new Map([[ann.userId, ann]]);
  const revoked = new Map<string, string>();
  const denylist = {
    has: (jti: string) => revoked.has(jti),
    add: (jti: string, expiresAt: string) => void revoked.set(jti, expiresAt),
  };

  const loadRefreshContext: RefreshContextLoader = async (id) => {
    const stream = { category: 'tokenFamily', id } as const;
    const { snapshotVersion } = tokenFamilyAggregate;
    const family = await eventStore.read<TokenFamilyEvent, TokenFamilyState>(
      stream,
      snapshotVersion,
    );
    const state = family.snapshot;
    const known = state !== undefined && state.status !== 'unstarted';
    return { family, principal: known ? principals.get(state.userId) : undefined };
  };

  const eventsOf = async (id: string): Promise<readonly EventShape[]> => {
    const { events } = await eventStore.readStream({ category: 'tokenFamily', id });
    return events.map(({ event }) => event);
  };

  const ownerOf: SessionDirectory['ownerOf'] = async (familyId) => {
    const [first] = (await eventsOf(familyId)) as readonly TokenFamilyEvent[];
    return first?.type === 'TokenFamilyStarted' ? first.data.userId : undefined;
  };

  const families = async () => {
    const found = new Set<string>();
    for await (const { stream } of eventStore.readAll()) {
      if (stream.category === 'tokenFamily') found.add(stream.id);
    }
    return [...found];
  };

  const sessions: SessionDirectory = {
    listLive: async () => [],
    ownerOf,
    unrevokedFamilyIds: async (userId) => {
      const open: string[] = [];
      for (const id of await families()) {
        const isOver = (await eventsOf(id)).some(({ type }) => type === 'TokenFamilyRevoked');
        if (!isOver && (await ownerOf(id)) === userId) open.push(id);
      }
      return open;
    },
    listActiveIn: async (householdId, userId) => {
      const active: { familyId: string; userId: string }[] = [];
      for (const familyId of await families()) {
        const state = await commands.load(tokenFamilyAggregate, familyId);
        if (state.status !== 'live' || state.householdId !== householdId) continue;
        if (userId === undefined || state.userId === userId) {
          active.push({ familyId, userId: state.userId });
        }
      }
      return active;
    },
  };

  const accounts: Pick<AccountDirectory, 'findPrincipal'> = {
    findPrincipal: async (userId, householdId) => {
      const principal = principals.get(userId);
      if (principal === undefined || principal.householdId === householdId) return principal;
      return { ...principal, householdId: null, householdRole: null };
    },
  };

  const accessTokens = {
    issue: async ({ jti }: { jti: string }) => `jwt ${jti}`,
    verify: async () => undefined,
  };
  const { accessTokenSeconds } = policy;
  const issueTokenPair = createIssueTokenPair({ accessTokens, refreshTokens, accessTokenSeconds });
  const revokeTokenFamily = createRevokeTokenFamily({ commands, denylist, clock });
  const endSessions = createEndSessions({ sessions, revokeTokenFamily });
  const prepareSession = createPrepareSession({ commands, refreshTokens, ids, policy });
  const oneTimeTokens = createOneTimeTokens({
    codec: createReadableOneTimeCodec(keys),
    // Specs that look up tokens replace this directory.
    directory: { find: async () => undefined },
    lifetimes,
  });

  return {
    clock,
    eventStore,
    ids,
    keys,
    refreshTokens,
    commands,
    principals,
    revoked,
    denylist,
    loadRefreshContext,
    eventsOf,
    sessions,
    /** The principals, each a member of one household. */
    accounts,
    storeAlongWithSessions: createStoreAlongWithSessions({ commands, denylist }),
    issueTokenPair,
    revokeTokenFamily,
    endSessions,
    prepareSession,
    prepareAccount: createPrepareAccount({ commands, ids }),
    acceptPassword: createAcceptPassword({ holds: (password) => password === COMMON_PASSWORD }),
    oneTimeTokens,
    respondInConstantTime: createRespondInConstantTime(async () => undefined),
    /** A stored sign-in of `principal`, and its first pair. */
    open: async (principal: Principal = ann, context = contextFrom()) => {
      const now = clock.now();
      const { append, familyId, family } = prepareSession(
        { principal, deviceName: null, now },
        context,
      );
      await commands.append([append]);
      return issueTokenPair(familyId, family, principal, now);
    },
  };
};

export type SessionServices = ReturnType<typeof createSessionServices>;
