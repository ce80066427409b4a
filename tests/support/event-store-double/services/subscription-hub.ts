import type { status } from '@grpc/grpc-js';
import type { LogRecord } from '../log/stored-record.ts';
import { failureOf, type ServiceFailure } from './service-failure.ts';

type LiveSubscription = Readonly<{ wake: () => void; fail: (failure: ServiceFailure) => void }>;

export type SubscriptionHub = ReturnType<typeof createSubscriptionHub>;

/** Tracks the subscriptions of all nodes and applies faults to all of them. */
export const createSubscriptionHub = (endPosition: () => bigint) => {
  const live = new Set<LiveSubscription>();
  const duplicated = new Set<bigint>();
  let duplicatesDue = 0;
  let duplicatesAfter = 0n;
  let stalled = false;

  const wakeAll = (): void => {
    for (const subscription of live) subscription.wake();
  };
  return {
    add: (subscription: LiveSubscription): void => void live.add(subscription),
    remove: (subscription: LiveSubscription): void => void live.delete(subscription),
    isStalled: () => stalled,
    /** Called once per live delivery. All subscriptions get the same events twice. */
    isDuplicated: ({ position }: LogRecord): boolean => {
      if (duplicated.has(position)) return true;
      if (duplicatesDue === 0 || position <= duplicatesAfter) return false;
      duplicatesDue -= 1;
      duplicated.add(position);
      return true;
    },
    wakeAll,
    drop: (code: status): void => {
      for (const { fail } of [...live]) fail(failureOf(code, 'subscription dropped by the test'));
    },
    stall: (): void => {
      stalled = true;
    },
    resume: (): void => {
      stalled = false;
      wakeAll();
    },
    duplicate: (times: number): void => {
      duplicatesDue = times;
      duplicatesAfter = endPosition();
      duplicated.clear();
    },
  };
};
