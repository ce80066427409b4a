import { setTimeout } from 'node:timers/promises';
import type { Fault } from './fault-plan.ts';
import { type Endpoint, injected, notLeader, type ServiceFailure } from './service-failure.ts';

type Request<Outcome> = Readonly<{
  perform: () => Outcome;
  answer: (outcome: Outcome) => void;
  refuse: (failure: ServiceFailure) => void;
  leader: () => Endpoint;
}>;

/** Carries out a request that has one answer, under the fault it suffers, if any. */
export const suffer = async <Outcome>(
  fault: Fault | undefined,
  { perform, answer, refuse, leader }: Request<Outcome>,
): Promise<void> => {
  switch (fault?.kind) {
    case undefined:
      return answer(perform());
    case 'hang':
      return;
    case 'fail':
    case 'breakOff':
      return refuse(injected(fault));
    case 'failAfter':
      perform();
      return refuse(injected(fault));
    case 'lostAnswer':
      return void perform();
    case 'slow':
      await setTimeout(fault.milliseconds, undefined, { ref: false });
      return answer(perform());
    case 'notLeader':
      return refuse(notLeader(leader()));
  }
};

/** How far a read or subscription gets: `failure` ends it after `events` events. */
export type ReadingFate = Readonly<{ silent: boolean; failure?: ServiceFailure; events: number }>;

const unharmed: ReadingFate = { silent: false, events: Number.POSITIVE_INFINITY };

/** The same for what is read: waits first when it is slow. */
export const sufferReading = async (
  fault: Fault | undefined,
  leader: () => Endpoint,
): Promise<ReadingFate> => {
  switch (fault?.kind) {
    case undefined:
      return unharmed;
    case 'hang':
    case 'lostAnswer':
      return { ...unharmed, silent: true };
    case 'fail':
      return { silent: false, failure: injected(fault), events: 0 };
    case 'failAfter':
      return { ...unharmed, failure: injected(fault) };
    case 'breakOff':
      return { silent: false, failure: injected(fault), events: fault.after };
    case 'slow':
      await setTimeout(fault.milliseconds, undefined, { ref: false });
      return unharmed;
    case 'notLeader':
      return { silent: false, failure: notLeader(leader()), events: 0 };
  }
};
