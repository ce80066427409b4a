import { atMost } from '../measuring/findings.ts';
import { closedLoop, measureLoad } from '../measuring/load.ts';
import type { Bench } from '../support/bench.ts';
import { connectClients, type LatchkeyClient } from '../support/clients/latchkey-client.ts';
import { makeSessions } from '../support/clients/population.ts';
import type { Scenario } from '../support/scenario.ts';

const FAMILIES_PER_ROUND = { full: 40, quick: 15 };

const REFRESH = 'refresh';
const THEFT = 'replay of a stolen token';

/** Creates families that were refreshed twice, each with its first token. */
const makeVictims = async (port: number, client: LatchkeyClient, count: number) => {
  const sessions = await makeSessions(port, count);
  const victims = [];
  for (const session of sessions) {
    const stolen = session.refreshToken;
    await client.refresh(session);
    await client.refresh(session);
    victims.push({ session, stolen });
  }
  return victims;
};

const runRounds = async (bench: Bench, client: LatchkeyClient) => {
  const server = await bench.server();
  const perRound = FAMILIES_PER_ROUND[bench.quick ? 'quick' : 'full'];
  const victims = await makeVictims(server.port, client, perRound * (bench.rounds + 1));
  const refreshed: typeof victims = [];
  const overFamilies = (label: string, work: () => Promise<'done' | 'exhausted'>) => ({
    label,
    measure: () => {
      let left = perRound;
      const loop = async () => {
        left -= 1;
        return left < 0 ? ('exhausted' as const) : work();
      };
      return measureLoad(() => closedLoop([loop], Number.POSITIVE_INFINITY), server);
    },
  });
  return bench.compare([
    overFamilies(REFRESH, async () => {
      const victim = victims.pop();
      if (victim === undefined) return 'exhausted';
      await client.refresh(victim.session);
      refreshed.push(victim);
      return 'done';
    }),
    overFamilies(THEFT, async () => {
      const victim = refreshed.pop();
      if (victim === undefined) return 'exhausted';
      await client.replay(victim.stolen);
      return 'done';
    }),
  ]);
};

export const theftScenario: Scenario = {
  name: 'theft',
  title: 'Theft',
  meaning: [
    'One client. Each family is refreshed once more, then its first token is presented again. The answer is',
    'sent once the theft and the revocation of the family are on disk and its access tokens are denylisted.',
  ],
  run: async (bench) => {
    const { port } = await bench.server();
    const [client] = await connectClients(port, 1);
    if (client === undefined) throw new RangeError('no client');
    const { rows, ratio } = await runRounds(bench, client);
    client.close();
    return {
      rows,
      budgets: [
        atMost(
          'time of the answer to a theft',
          ratio('p50 ms', THEFT, REFRESH),
          1.2,
          '× a refresh',
        ),
      ],
    };
  },
};
