import type { Metadata } from '@grpc/grpc-js';
import type { DoubleLog } from '../log/double-log.ts';
import type { CallCounter } from './call-counter.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Endpoint } from './service-failure.ts';
import type { SubscriptionHub } from './subscription-hub.ts';

export type Member = Readonly<{ endpoint: Endpoint; alive: boolean; leads: boolean }>;

/** The state of one node, and the state that it shares with the other nodes. */
export type NodeContext = Readonly<{
  log: DoubleLog;
  plan: FaultPlan;
  calls: CallCounter;
  subscriptions: SubscriptionHub;
  offersBatchAppend: boolean;
  leads: () => boolean;
  leader: () => Endpoint;
  members: () => readonly Member[];
}>;

export const requiresLeader = (metadata: Metadata): boolean =>
  metadata.get('requires-leader')[0] === 'true';
