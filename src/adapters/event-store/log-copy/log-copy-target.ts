import { LogCopyRefused } from '../../../application/event-log/log-copy.ts';
import { type StreamId, streamName } from '../../../application/kernel/event-store.ts';
import type { EventStoreDbClient } from '../eventstoredb/client/eventstoredb-client.ts';
import { WrongExpectedNumber } from '../eventstoredb/client/eventstoredb-connection.ts';
import { toProposed } from '../eventstoredb/reading/eventstoredb-event-format.ts';
import type { EventStoreDbReading } from '../eventstoredb/reading/eventstoredb-reading.ts';
import type { StoredEntry } from './log-copy-source.ts';

type Dependencies = Readonly<{
  client: Pick<EventStoreDbClient, 'append' | 'readStream'>;
  reading: Pick<EventStoreDbReading, 'valid'>;
}>;

/** Limits of one append: a server accepts 1 MiB. */
const MAX_EVENTS = 200;
const MAX_CHARACTERS = 250_000;

/** Consecutive events of one stream. */
type Run = Readonly<{ stream: StreamId; entries: StoredEntry[] }>;

const sizeOf = ({ stored }: StoredEntry): number => JSON.stringify(stored).length;

const runsOf = (entries: readonly StoredEntry[]): readonly Run[] => {
  const runs: Run[] = [];
  let size = 0;
  for (const entry of entries) {
    const last = runs.at(-1);
    const added = sizeOf(entry);
    const fits =
      last !== undefined &&
      streamName(last.stream) === streamName(entry.stream) &&
      last.entries.length < MAX_EVENTS &&
      size + added <= MAX_CHARACTERS;
    if (fits) last.entries.push(entry);
    else runs.push({ stream: entry.stream, entries: [entry] });
    size = fits ? size + added : added;
  }
  return runs;
};

/** Appends copied events to EventStoreDB; see `createLogCopyTarget`. */
export type LogCopyTarget = ReturnType<typeof createLogCopyTarget>;

/**
 * Appends events one run after the other, so that `$all` has the order of the log and an
 * interrupted copy is a prefix of it, without gaps. Appending the same events again has no effect.
 */
export const createLogCopyTarget = ({ client, reading }: Dependencies) => {
  /**
   * The number of aborted events in a stream, left from an earlier stay, which shift its numbers.
   */
  const shifts = new Map<string, bigint>();

  const append = (name: string, entries: readonly StoredEntry[]) => {
    const before = (entries[0]?.revision ?? 0n) - 1n + (shifts.get(name) ?? 0n);
    return client.append(
      name,
      before < 0n ? 'none' : before,
      entries.map(({ stored, revision }) => toProposed(stored, revision, undefined)),
    );
  };

  const findShift = async (name: string, revision: bigint): Promise<void> => {
    const kept = await client.readStream(name, 0n);
    const valid = await reading.valid(kept);
    if (BigInt(valid.length) !== revision) {
      throw new LogCopyRefused(
        `The event store holds events of ${name} that this database does not know: empty it, or set another LATCHKEY_EVENTSTOREDB_PREFIX.`,
      );
    }
    shifts.set(name, BigInt(kept.length) - revision);
  };

  return {
    append: async (entries: readonly StoredEntry[]): Promise<void> => {
      for (const run of runsOf(entries)) {
        const name = streamName(run.stream);
        try {
          await append(name, run.entries);
        } catch (error) {
          if (!(error instanceof WrongExpectedNumber)) throw error;
          await findShift(name, run.entries[0]?.revision ?? 0n);
          await append(name, run.entries);
        }
      }
    },
  };
};
