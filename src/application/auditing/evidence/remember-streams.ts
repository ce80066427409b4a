import { isDetached, type KnownCheckpoints } from './known-checkpoints.ts';
import type { LogView } from './stored-log.ts';
import { createMarks, type Marks, type StreamNumbers } from './stream-marks.ts';

/** Reads the latest leaf of every stream, which covers everything before it. */
export const rememberLeaves = async (
  known: KnownCheckpoints,
  numbers: StreamNumbers,
): Promise<Readonly<{ marks: Marks; detached: ReadonlySet<number> }>> => {
  const marks = createMarks();
  const detached = new Set<number>();
  for await (const { leaf, moment } of known.readLeaves()) {
    const index = numbers.of(leaf.stream);
    // After a missing or untrusted checkpoint, a leaf need not begin where the last one ended.
    const isWhole = known.findings.length === 0;
    if (isWhole && isDetached(leaf, marks.revision(index))) detached.add(moment.number);
    else marks.set(index, leaf.to, leaf.chain);
  }
  return { marks, detached };
};

/** Reads the heads that the database keeps apart from the events. */
export const rememberHeads = async (view: LogView, numbers: StreamNumbers): Promise<Marks> => {
  const marks = createMarks();
  for await (const heads of view.readHeads()) {
    for (const { stream, revision, chain } of heads) {
      marks.set(numbers.of(stream), revision, chain);
    }
  }
  return marks;
};
