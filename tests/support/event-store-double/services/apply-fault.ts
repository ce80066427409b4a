import { setTimeout } from 'node:timers/promises';
import type { Fault } from './fault-plan.ts';
import { type Endpoint, injected, notLeader, type ServiceFailure } from './service-failure.ts';

type Request<Outcome> = Readonly<{
  perform: () => Outcome;
  answer: (outcome: Outcome) => void;
  refuse: (failure: ServiceFailure) => void;
  leader: () => Endpoint;
}>;

/** Handles a request that has one answer, with an injected fault, if any. */
export const applyFault = async <Outcome>(
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

/** The effect of a fault on a read or subscription: `failure` ends it after `events` events. */
export type ReadFaultEffect = Readonly<{
  silent: boolean;
  failure?: ServiceFailure;
  events: number;
}>;

const noFault: ReadFaultEffect = { silent: false, events: Number.POSITIVE_INFINITY };

/** Resolves to the effect of a fault on a read or subscription; a slow one is delayed first. */
export const readFaultEffect = async (
  fault: Fault | undefined,
  leader: () => Endpoint,
): Promise<ReadFaultEffect> => {
  switch (fault?.kind) {
    case undefined:
      return noFault;
    case 'hang':
    case 'lostAnswer':
      return { ...noFault, silent: true };
    case 'fail':
      return { silent: false, failure: injected(fault), events: 0 };
    case 'failAfter':
      return { ...noFault, failure: injected(fault) };
    case 'breakOff':
      return { silent: false, failure: injected(fault), events: fault.after };
    case 'slow':
      await setTimeout(fault.milliseconds, undefined, { ref: false });
      return noFault;
    case 'notLeader':
      return { silent: false, failure: notLeader(leader()), events: 0 };
  }
};
