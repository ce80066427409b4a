import { atMost } from '../measuring/findings.ts';
import { closedLoop, measureLoad } from '../measuring/load.ts';
import type { Contender } from '../measuring/rounds.ts';
import type { Bench } from '../support/bench.ts';
import {
  type ClientSession,
  connectClients,
  type LatchkeyClient,
} from '../support/clients/latchkey-client.ts';
import { makeSessions } from '../support/clients/population.ts';
import type { Scenario } from '../support/scenario.ts';

const OLD = { full: 5_000, quick: 1_000 };
const YOUNG = 5;
/** Refreshes of a family per round, few enough that a young family is still young afterwards. */
const PER_ROUND = 40;

const refreshTimes = async (client: LatchkeyClient, session: ClientSession, times: number) => {
  for (let i = 0; i < times; i += 1) await client.refresh(session);
};

/** Measures a fixed number of refreshes of the family that `next` returns. */
const ofFamily = (
  label: string,
  bench: Bench,
  client: LatchkeyClient,
  next: () => ClientSession,
): Contender => ({
  label,
  measure: async () => {
    const session = next();
    let left = PER_ROUND;
    const loop = async () => {
      if (left === 0) return 'exhausted' as const;
      left -= 1;
      await client.refresh(session);
      return 'done' as const;
    };
    const server = await bench.server();
    return measureLoad(() => closedLoop([loop], Number.POSITIVE_INFINITY), server);
  },
});

export const growthScenario: Scenario = {
  name: 'growth',
  title: 'Refresh of an old family',
  meaning: [
    'One client. Each round uses new young families, measured from their fifth refresh on,',
    `and one old family after ${OLD.full.toLocaleString('en-US')} refreshes (--quick: ${OLD.quick.toLocaleString('en-US')}): the cost must not grow with a family's length.`,
  ],
  run: async (bench) => {
    const age = bench.quick ? OLD.quick : OLD.full;
    const { port } = await bench.server();
    const [client] = await connectClients(port, 1);
    const sessions = await makeSessions(port, bench.rounds + 2);
    const old = sessions.pop();
    if (client === undefined || old === undefined) throw new RangeError('no client');
    const stolen = old.refreshToken;
    bench.progress(`refreshing one family ${age} times`);
    await refreshTimes(client, old, age);
    for (const session of sessions) await refreshTimes(client, session, YOUNG - 1);
    const oldLabel = `refresh ${age} and later`;
    const youngLabel = `refresh ${YOUNG} and later`;
    const nextYoung = () => {
      const session = sessions.pop();
      if (session === undefined) throw new RangeError('too few young families');
      return session;
    };
    const { rows, ratio } = await bench.compare([
      ofFamily(youngLabel, bench, client, nextYoung),
      ofFamily(oldLabel, bench, client, () => old),
    ]);
    const began = performance.now();
    await client.replay(stolen);
    const theftMs = performance.now() - began;
    client.close();
    return {
      rows,
      budgets: [
        atMost('time of a refresh, old to young', ratio('p50 ms', oldLabel, youngLabel), 1.1),
        atMost('CPU of a refresh, old to young', ratio('CPU µs', oldLabel, youngLabel), 1.1),
      ],
      notes: [`answer to a theft in the old family, once: ${theftMs.toFixed(1)} ms`],
    };
  },
};
