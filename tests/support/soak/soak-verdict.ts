import { firstBrokenLink } from '../../../src/adapters/event-store/verify-chain.ts';
import type { Database } from '../../../src/adapters/postgres/connection/connection.ts';
import type { StoredRecord } from '../event-store-double/log/stored-record.ts';
import { hashOf, type Ledger } from './soak-ledger.ts';
import { byStream, type Log, type LoggedEvent, ofType, validIn } from './soak-log.ts';

const brokenIn = (log: Log): readonly string[] =>
  [...log].flatMap(([name, events]) => {
    const broken = firstBrokenLink(events);
    return broken === undefined ? [] : [`${name} is broken at ${broken}`];
  });

const repeatedIn = (events: readonly LoggedEvent[]): readonly string[] => {
  const seen = new Set<string>();
  return events.flatMap(({ stored: { eventId } }) => {
    const again = seen.has(eventId);
    seen.add(eventId);
    return again ? [`event ${eventId} is there twice`] : [];
  });
};

/** Checks that the log has each issued token and each generation exactly once. */
const wrongTokensIn = (log: Log, { sessions }: Ledger): readonly string[] =>
  [...sessions.values()].flatMap(({ id, refreshTokens }) => {
    const name = `tokenFamily-${id}`;
    const started = ofType(log, name, 'TokenFamilyStarted');
    const rotated = ofType(log, name, 'RefreshTokenRotated');
    const hashes = [...started, ...rotated].map(
      ({ stored }) => (stored.data.refreshToken as { tokenHash: string }).tokenHash,
    );
    const generations = rotated.map(({ stored }) => stored.data.generation);
    return [
      ...(started.length === 1 ? [] : [`${name} began ${started.length} times`]),
      ...(generations.every((generation, i) => generation === i + 1)
        ? []
        : [`${name} has generations ${generations.join(', ')}`]),
      ...refreshTokens.flatMap((token, generation) =>
        hashes[generation] === hashOf(token)
          ? []
          : [`generation ${generation} of ${name} was acknowledged, the log has another`],
      ),
    ];
  });

const wrongRevocationsIn = (log: Log, { sessions }: Ledger): readonly string[] =>
  [...sessions.values()].flatMap(({ id, ended }) => {
    const reasons = ofType(log, `tokenFamily-${id}`, 'TokenFamilyRevoked').map(
      ({ stored }) => stored.data.reason,
    );
    const thefts = ofType(log, `tokenFamily-${id}`, 'TokenTheftDetected').length;
    const expected = ended === undefined ? [] : [ended];
    const right = reasons.join() === expected.join() && thefts === (ended === 'theft' ? 1 : 0);
    return right ? [] : [`${id} should be ${ended ?? 'live'}, the log says ${reasons} (${thefts})`];
  });

const missingActionsIn = (log: Log, { people }: Ledger): readonly string[] =>
  people.flatMap(({ userId, passwordChanges, households, revokedInvitations }) => {
    const count = (type: string) => ofType(log, `user-${userId}`, type).length;
    const revoked = [...households.keys()].flatMap((id) =>
      ofType(log, `household-${id}`, 'InvitationRevoked').map(
        ({ stored }) => stored.data.invitationId,
      ),
    );
    return [
      ...(count('UserRegistered') === 1 ? [] : [`${userId} registered other than once`]),
      ...(count('EmailVerified') <= 1 ? [] : [`${userId} verified the address twice`]),
      ...(count('PasswordChanged') === passwordChanges
        ? []
        : [`${userId} changed the password ${passwordChanges} times, the log says otherwise`]),
      ...[...households.keys()].flatMap((id) =>
        ofType(log, `household-${id}`, 'HouseholdCreated').length === 1 ? [] : [`${id} is lost`],
      ),
      ...revokedInvitations.flatMap((id) =>
        revoked.filter((known) => known === id).length === 1
          ? []
          : [`invitation ${id} is not revoked`],
      ),
    ];
  });

/** Describes what the log has otherwise than it was acknowledged. */
export const faultsInLog = (
  records: readonly StoredRecord[],
  ledger: Ledger,
): Readonly<{ events: number; wrong: readonly string[] }> => {
  const events = validIn(records);
  const log = byStream(events);
  const wrong = [
    ...repeatedIn(events),
    ...brokenIn(log),
    ...wrongTokensIn(log, ledger),
    ...wrongRevocationsIn(log, ledger),
    ...missingActionsIn(log, ledger),
  ];
  return { events: events.length, wrong };
};

/** Describes addresses with several accounts, and accounts that only log or tables have. */
export const accountFaults = async (
  database: Database,
  records: readonly StoredRecord[],
): Promise<readonly string[]> => {
  const rows = await database.query<{ id: string; email: string }>({
    text: 'SELECT id, email FROM users',
  });
  const registered = validIn(records).filter(({ stored }) => stored.type === 'UserRegistered');
  const emails = new Set(rows.map(({ email }) => email));
  return [
    ...(emails.size === rows.length ? [] : ['an address has several accounts']),
    ...(registered.length === rows.length
      ? []
      : [`${registered.length} accounts in the log, ${rows.length} in the table`]),
  ];
};
