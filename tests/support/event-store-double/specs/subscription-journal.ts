import type { AllStreamSubscription, StreamSubscription } from '@eventstore/db-client';

/**
 * Records what a subscription emits, in order: numbers of events, and words for everything else.
 */
export const journalOf = (subscription: AllStreamSubscription | StreamSubscription) => {
  const entries: (number | string)[] = [];
  const errors: unknown[] = [];
  subscription.on('confirmation', () => entries.push('confirmed'));
  subscription.on('caughtUp', () => entries.push('caught up'));
  subscription.on('error', (error: unknown) => errors.push(error));
  subscription.on('data', ({ event }: { event?: { data: unknown; type: string } }) => {
    const { data, type } = event ?? { data: undefined, type: 'nothing' };
    const isFact = type === 'Counted' && typeof data === 'object' && data !== null && 'n' in data;
    entries.push(isFact ? Number(data.n) : type);
  });
  return {
    entries,
    errors,
    numbers: () => entries.filter((entry) => typeof entry === 'number'),
    isLive: () => entries.includes('caught up'),
  };
};
