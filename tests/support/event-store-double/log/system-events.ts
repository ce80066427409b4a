import { randomUUID } from 'node:crypto';
import type { ProposedEvent } from './stored-record.ts';

/** So often the server writes something of its own into the log. */
const APPENDS_PER_EVENT = 10;
const STATISTICS = '$stats-127.0.0.1:2113';

/** `$tb` of a stream that was deleted but may be written to again. */
export const SOFT_DELETED = 9_223_372_036_854_775_807n;

export const systemEvent = (type: string, data: unknown): ProposedEvent => ({
  id: randomUUID(),
  type,
  contentType: 'application/json',
  data: Buffer.from(JSON.stringify(data), 'utf8'),
  metadata: new Uint8Array(),
});

/** Hides all events of a stream below `revision`; written to its metadata stream. */
export const truncation = (revision: bigint): ProposedEvent =>
  systemEvent('$metadata', { $tb: Number(revision) });

/** What the server writes after so many appends, if anything: a client of $all has to filter. */
export const systemEventAfter = (
  appends: number,
): Readonly<{ stream: string; event: ProposedEvent }> | undefined => {
  if (appends % APPENDS_PER_EVENT !== 0) return undefined;
  return appends % (2 * APPENDS_PER_EVENT) === 0
    ? { stream: `$$${STATISTICS}`, event: systemEvent('$metadata', { $maxAge: 86_400 }) }
    : { stream: STATISTICS, event: systemEvent('$statsCollected', { 'proc-cpu': 1 }) };
};
