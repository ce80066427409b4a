import { createReadStream, createWriteStream } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  type CheckpointLeaf,
  type CheckpointSource,
  CheckpointsUnreadable,
  type LogCheckpoint,
} from '../../../application/auditing/evidence/log-checkpoints.ts';
import { UsageError } from '../output/usage-error.ts';

const isText = (value: unknown): value is string => typeof value === 'string';

const isRevision = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= -1;

const parseRecord = (line: string): LogCheckpoint | CheckpointLeaf | undefined => {
  const value: unknown = JSON.parse(line);
  if (typeof value !== 'object' || value === null) return undefined;
  const { number, jws, stream, from, to, chain, accepted }: Readonly<Record<string, unknown>> = {
    ...value,
  };
  if (isRevision(number) && isText(jws)) return { number, jws };
  const isLeaf = isText(stream) && isRevision(from) && isRevision(to) && isText(chain);
  return isLeaf ? { stream, from, to, chain, accepted: accepted === true } : undefined;
};

const readLine = (line: string, place: string): LogCheckpoint | CheckpointLeaf => {
  let record: LogCheckpoint | CheckpointLeaf | undefined;
  try {
    record = parseRecord(line);
  } catch {
    // The missing record is reported below.
  }
  if (record === undefined) throw new CheckpointsUnreadable(place);
  return record;
};

/** Opens a file of `audit checkpoints --export`. @throws UsageError when it cannot be read */
export const openCheckpointFile = async (file: string): Promise<CheckpointSource> => {
  await access(file, constants.R_OK).catch(() => {
    throw new UsageError(`The file ${file} cannot be read.`);
  });
  return {
    read: async function* () {
      let number = 0;
      const lines = createInterface({ input: createReadStream(file), crlfDelay: 1_000 });
      for await (const line of lines) {
        number += 1;
        if (line.trim() !== '') yield readLine(line, `Line ${number} of ${file}`);
      }
    },
  };
};

/**
 * Writes one JSON object per line: a checkpoint, then its streams. @returns how many checkpoints
 * @throws UsageError when the file exists already or cannot be created
 */
export const writeCheckpointFile = async (
  file: string,
  { read }: CheckpointSource,
): Promise<number> => {
  let checkpoints = 0;
  const lines = async function* () {
    for await (const record of read()) {
      if ('jws' in record) checkpoints += 1;
      yield `${JSON.stringify(record)}\n`;
    }
  };
  const target = createWriteStream(file, { flags: 'wx' });
  await pipeline(Readable.from(lines()), target).catch((error) => {
    if (target.bytesWritten > 0 || target.pending === false) throw error;
    throw new UsageError(`${file} exists already or cannot be written.`);
  });
  return checkpoints;
};
