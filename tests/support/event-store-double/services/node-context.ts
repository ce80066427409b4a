import type { Metadata } from '@grpc/grpc-js';
import type { DoubleLog } from '../log/double-log.ts';
import type { CallBook } from './call-book.ts';
import type { FaultPlan } from './fault-plan.ts';
import type { Endpoint } from './service-failure.ts';
import type { SubscriptionHub } from './subscription-hub.ts';

export type Member = Readonly<{ endpoint: Endpoint; alive: boolean; leads: boolean }>;

/** What the services of one node share with those of the others, and what is its own. */
export type NodeContext = Readonly<{
  log: DoubleLog;
  plan: FaultPlan;
  calls: CallBook;
  subscriptions: SubscriptionHub;
  offersBatchAppend: boolean;
  leads: () => boolean;
  leader: () => Endpoint;
  members: () => readonly Member[];
}>;

export const requiresLeader = (metadata: Metadata): boolean =>
  metadata.get('requires-leader')[0] === 'true';
