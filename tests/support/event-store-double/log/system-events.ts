import { randomUUID } from 'node:crypto';
import type { ProposedEvent } from './stored-record.ts';

/** The number of appends after which the server writes a system event. */
const APPENDS_PER_EVENT = 10;
const STATISTICS = '$stats-127.0.0.1:2113';

/** `$tb` of a soft-deleted stream, to which events may be appended again. */
export const SOFT_DELETED = 9_223_372_036_854_775_807n;

export const systemEvent = (type: string, data: unknown): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data), 'utf8'),
  metadata: new Uint8Array(),
});

/** Builds the event of a metadata stream that hides all events below `revision`. */
export const truncation = (revision: bigint): ProposedEvent =>
  systemEvent('$metadata', { $tb: Number(revision) });

/**
 * Returns the system event that follows `appends`, if any: clients of `$all` have to filter them.
 */
export const systemEventAfter = (
  appends: number,
): Readonly<{ stream: string; event: ProposedEvent }> | undefined => {
  if (appends % APPENDS_PER_EVENT !== 0) return undefined;
  return appends % (2 * APPENDS_PER_EVENT) === 0
    ? { stream: `$$${STATISTICS}`, event: systemEvent('$metadata', { $maxAge: 86_400 }) }
    : { stream: STATISTICS, event: systemEvent('$statsCollected', { 'proc-cpu': 1 }) };
};
