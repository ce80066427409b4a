import { expect } from 'vitest';
import { expectSignedIn, PASSWORD, type SignedIn } from '../servers/http-client.ts';
import { runLatchkey } from '../servers/latchkey-process.ts';
import { logOf } from '../servers/log-of.ts';
import { brokenStreams } from '../servers/stored-chains.ts';
import { startTwoServers, type TwoServers } from '../servers/two-servers.ts';
import { createHouseholdClient, type HouseholdClient } from './household-client.ts';

type Shares = readonly [HouseholdClient, HouseholdClient];

/** Two processes that serve the same households. */
export type HouseholdServers = TwoServers &
  Readonly<{
    homes: Shares;
    /** Sends `count` concurrent requests, alternating between the processes. */
    race<Result>(
      count: number,
      ask: (homes: HouseholdClient, n: number) => Promise<Result>,
    ): Promise<readonly Result[]>;
    /** Signs up a user with a verified address. */
    settle(email?: string): Promise<SignedIn>;
    /** Signs up a user who accepts an invitation. */
    join(owner: SignedIn, householdId: string, role?: string): Promise<SignedIn>;
    /** Invites the address and returns the token. */
    invite(by: SignedIn, householdId: string, email: string, role?: string): Promise<string>;
    /**
     * Fails unless the household has exactly one owner, in every table and in the log.
     * @returns who
     */
    expectOneOwner(householdId: string): Promise<string>;
    /** Fails unless tables and log agree and no chain is broken. */
    expectSound(): Promise<void>;
  }>;

type OwnerRow = Readonly<{ owner_id: string; owners: readonly string[]; revision: string }>;

/**
 * In one statement: an append meanwhile is either in all of it or in none. The log may be
 * ahead.
 */
const OWNERS = `SELECT h.owner_id,
  ARRAY(SELECT user_id FROM household_members WHERE household_id = h.id AND role = 'owner') AS owners,
  (SELECT revision FROM streams WHERE stream_id = 'household-' || h.id) AS revision
  FROM households AS h WHERE h.id = $1`;

export const startHouseholdServers = async (
  settings: Readonly<Record<string, string>> = {},
): Promise<HouseholdServers> => {
  const system = await startTwoServers(settings);
  const { clients, database, environment, tokenTo, mailsTo } = system;
  const homes: Shares = [createHouseholdClient(clients[0]), createHouseholdClient(clients[1])];
  let people = 0;

  const settle: HouseholdServers['settle'] = async (email) => {
    people += 1;
    const address = email ?? `settler-${people}@example.com`;
    const [client] = clients;
    const body = { email: address, password: PASSWORD, displayName: `Settler ${people}` };
    expect((await client.call('POST', '/v1/users', { body })).status).toBe(202);
    const token = await tokenTo(address);
    const proof = await client.call('POST', '/v1/email-verifications/confirm', { body: { token } });
    expect(proof.status).toBe(204);
    return expectSignedIn(await client.signIn(address));
  };

  const invite: HouseholdServers['invite'] = async (by, householdId, email, role) => {
    const count = (await mailsTo(email)).length;
    const { status } = await homes[0].invite(by.accessToken, householdId, email, role);
    expect(status).toBe(201);
    return tokenTo(email, count + 1);
  };

  return {
    ...system,
    homes,
    settle,
    invite,
    race: (count, ask) =>
      Promise.all(Array.from({ length: count }, (_, n) => ask(homes[n % 2 === 0 ? 0 : 1], n))),
    join: async (owner, householdId, role) => {
      const person = await settle();
      const token = await invite(owner, householdId, person.user.email, role);
      expect((await homes[0].accept(person.accessToken, token)).status).toBe(200);
      return person;
    },
    expectOneOwner: async (householdId) => {
      const [row] = await database.query<OwnerRow>({ text: OWNERS, values: [householdId] });
      const { owner_id: owner = 'nobody', revision = '-1' } = row ?? {};
      const named = (await logOf(database)).findLast(
        (event) =>
          event.stream === `household-${householdId}` &&
          event.revision <= BigInt(revision) &&
          ['HouseholdCreated', 'OwnershipTransferred'].includes(event.type),
      );
      expect({ ...row, logged: named?.data.to ?? named?.data.ownerId }).toStrictEqual({
        owner_id: owner,
        owners: [owner],
        revision,
        logged: owner,
      });
      return owner;
    },
    expectSound: async () => {
      const verified = await runLatchkey(['projections', 'verify'], environment);
      expect(verified.stdout).toContain('0 differences');
      expect(verified.code).toBe(0);
      expect(brokenStreams(await logOf(database))).toStrictEqual([]);
    },
  };
};
