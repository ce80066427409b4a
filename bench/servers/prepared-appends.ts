import { createCreateAccount } from '../../src/application/accounts/create-account.ts';
import { tokenFamilyAggregate, userAggregate } from '../../src/application/kernel/aggregate.ts';
import { createCommandHandler } from '../../src/application/kernel/command-handler.ts';
import type { StreamAppend } from '../../src/application/kernel/event-store.ts';
import type { RequestContext } from '../../src/application/kernel/request-context.ts';
import type { PreparedSession } from '../../src/application/sessions/prepare-session.ts';
import { tokens } from '../../src/composition/system-tokens.ts';
import { plusSeconds } from '../../src/domain/instant.ts';
import type { System } from '../../src/server/open-system.ts';
import { newAccount } from '../support/clients/latchkey-client.ts';
import type { Written } from '../support/processes/bench-server.ts';

/** Prepares appends of one event each, to separate streams. */
export type PreparedAppends = Readonly<
  Record<Exclude<Written, 'row'>, () => Promise<StreamAppend[]>>
>;

const context: RequestContext = {
  correlationId: 'bench',
  actor: 'system',
  client: { ip: '127.0.0.1', userAgent: 'latchkey-bench/1.0' },
};
const REPLAY = { graceSeconds: 30, lostResponse: 'revoke', maxReplays: 10 } as const;
const HASHED =
  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$dGFndGFndGFndGFndGFndGFndGFndGFndGFndGFndGE';

type Member = Readonly<{ userId: string; session: PreparedSession }>;

/** Creates accounts with a session by the real use case, except for the password hash. */
const makeMembers = async ({ get }: System, count: number): Promise<Member[]> => {
  const createAccount = createCreateAccount({
    commands: get(tokens.commands),
    identifiers: get(tokens.identifiers),
    acceptPassword: get(tokens.acceptPassword),
    oneTimeTokens: get(tokens.oneTimeTokens),
    prepareAccount: get(tokens.prepareAccount),
    ids: get(tokens.ids),
    clock: get(tokens.clock),
    passwords: {
      hash: async () => HASHED,
      verify: async () => false,
      isOutdated: () => false,
    },
  });
  const members: Member[] = [];
  for (let i = 0; i < count; i += 1) {
    const input = { ...newAccount(), displayName: 'Bench' };
    await createAccount(input, 'unverified', context, (created) => {
      const { userId, createdAt: now } = created;
      const session = get(tokens.prepareSession)(
        { principal: created, deviceName: null, now },
        context,
      );
      members.push({ userId, session });
      return [session.append];
    });
  }
  return members;
};

/** Runs `decide` with a command handler whose appends are not stored, and returns them. */
const captureAppends = async (
  { get }: System,
  decide: (commands: ReturnType<typeof createCommandHandler>) => Promise<unknown>,
): Promise<StreamAppend[]> => {
  const kept: StreamAppend[] = [];
  const eventStore = {
    ...get(tokens.eventStore),
    append: async (appends: readonly StreamAppend[]) => void kept.push(...appends),
  };
  await decide(createCommandHandler({ eventStore, ids: get(tokens.ids) }));
  return kept;
};

/** Builds the command that rotates a session's token of that generation. */
const rotation = ({ get }: System, { familyId, family }: PreparedSession, generation: number) => {
  const { salt } = family;
  const codec = get(tokens.refreshTokens);
  const keyId = codec.currentKeyId;
  const successor = { familyId, generation: generation + 1, salt, keyId };
  const now = get(tokens.clock).now();
  return {
    type: 'RotateRefreshToken',
    data: {
      presented: { generation, salt },
      successor: { tokenHash: codec.derive(successor).tokenHash, keyId },
      holder: { ...context.client, agentHash: codec.agentHash(salt, context.client.userAgent) },
      policy: REPLAY,
      accessTokenExpiresAt: plusSeconds(now, 600),
      idleExpiresAt: plusSeconds(now, 86_400),
      now,
    },
  } as const;
};

/** Each call prepares one more event for each of `count` streams; the caller must store them. */
export const prepareAppends = async (system: System, count: number): Promise<PreparedAppends> => {
  const members = await makeMembers(system, count);
  let names = 0;
  let generation = -1;
  return {
    displayNameChanged: () => {
      names += 1;
      const displayName = `Bench ${names}`;
      return captureAppends(system, async (commands) => {
        for (const { userId } of members) {
          const data = { displayName, now: system.get(tokens.clock).now() };
          const command = { type: 'ChangeDisplayName', data } as const;
          await commands.execute(userAggregate, userId, command, context);
        }
      });
    },
    refreshTokenRotated: () => {
      generation += 1;
      return captureAppends(system, async (commands) => {
        for (const { session } of members) {
          const command = rotation(system, session, generation);
          await commands.execute(tokenFamilyAggregate, session.familyId, command, context);
        }
      });
    },
  };
};
