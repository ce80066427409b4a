import type { Clock } from './clock.ts';

type Flight<Answer> = {
  answer: Promise<Answer>;
  /** Set if another caller asked for the same key before the answer was ready. */
  shared: boolean;
  settledAt: number | undefined;
};

/** A shared answer is kept this long for callers that arrive late. */
const RETENTION_MS = 1_000;

/**
 * Lets concurrent calls with the same key share one answer.
 *
 * The answer to a single call is not kept: the next call computes its own. A shared answer is kept
 * for a second and given to later calls for which `isStillGood` holds.
 */
export const createCoalesce = <Answer>(
  clock: Clock,
  isStillGood: (answer: Answer) => boolean | Promise<boolean>,
) => {
  const flights = new Map<string, Flight<Answer>>();
  const milliseconds = () => Date.parse(clock.now());

  const dropExpired = (now: number) => {
    for (const [key, { settledAt }] of flights) {
      if (settledAt !== undefined && now - settledAt > RETENTION_MS) flights.delete(key);
    }
  };

  const start = (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    const flight: Flight<Answer> = { answer: work(), shared: false, settledAt: undefined };
    flights.set(key, flight);
    const settle = (succeeded: boolean) => {
      flight.settledAt = milliseconds();
      if (!succeeded || !flight.shared) flights.delete(key);
      dropExpired(flight.settledAt);
    };
    flight.answer.then(
      () => settle(true),
      () => settle(false),
    );
    return flight.answer;
  };

  const ask = async (key: string, work: () => Promise<Answer>): Promise<Answer> => {
    const flight = flights.get(key);
    if (flight === undefined) return start(key, work);
    if (flight.settledAt === undefined) {
      flight.shared = true;
      return flight.answer;
    }
    const answer = await flight.answer;
    const fresh = milliseconds() - flight.settledAt <= RETENTION_MS;
    if (fresh && (await isStillGood(answer))) return answer;
    if (flights.get(key) === flight) flights.delete(key);
    // Another call may have started meanwhile.
    return ask(key, work);
  };

  return ask;
};
