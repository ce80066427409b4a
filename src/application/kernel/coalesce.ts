import type { Clock } from './clock.ts';

type Flight<Answer> = {
  answer: Promise<Answer>;
  /** Whether another request asked the same while the answer was being made. */
  shared: boolean;
  settledAt: number | undefined;
};

/** How long the stragglers of a race still find the answer it ended with. */
const RETENTION_MS = 1_000;

/**
 * Lets requests that ask the same thing at the same moment share one answer.
 *
 * A request without company leaves nothing behind, so one that comes after it is answered on its own.
 * Where there was a race, its late-comers get its answer too, while `isStillGood` holds.
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
    // Another late-comer may have taken off already, while this one was waiting.
    return ask(key, work);
  };

  return ask;
};
