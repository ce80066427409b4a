import { randomFillSync } from 'node:crypto';

/** Milliseconds since the epoch. */
type Now = () => number;

const MAX_COUNTER = 0xfff;
// A fresh counter starts in the lower half, which leaves at least 2,048 ids for its millisecond.
const COUNTER_SEED_MASK = 0x7ff;
const UUID_BYTES = 16;
const POOL_BYTES = 4096;

/** Buffers random bytes: one call of the generator per id would cost eight times as much. */
const createRandomSource = (): (() => Buffer) => {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    used += UUID_BYTES;
    return Buffer.from(pool.subarray(used - UUID_BYTES, used));
  };
};

/**
 * Creates a generator of UUIDv7 as 16 bytes, each greater than the one before: the 12 bits after
 * the time are a counter with a random start, the last 62 are random (RFC 9562, 5.7 and 6.2 method
 * 1).
 *
 * A clock that stops or moves back, and a counter that overflows, do not break the order: the time
 * in the id then runs ahead of the clock. Use one generator per process.
 */
export const createUuidV7 = (now: Now = Date.now): (() => Uint8Array) => {
  const nextRandom = createRandomSource();
  let time = -1;
  let counter = 0;

  const tick = (seed: number): void => {
    const read = now();
    if (read > time) {
      time = read;
      counter = seed;
    } else if (counter < MAX_COUNTER) {
      counter += 1;
    } else {
      time += 1;
      counter = seed;
    }
  };

  return () => {
    const uuid = nextRandom();
    tick(uuid.readUInt16BE(6) & COUNTER_SEED_MASK);
    uuid.writeUIntBE(time, 0, 6);
    uuid.writeUInt16BE(0x7000 | counter, 6);
    uuid.writeUInt8(0x80 | (uuid.readUInt8(8) & 0x3f), 8);
    return uuid;
  };
};

/**
 * Formats a UUID: lower-case hex in groups of 8, 4, 4, 4 and 12.
 * @throws RangeError unless `uuid` has 16 bytes
 */
export const formatUuid = (uuid: Uint8Array): string => {
  if (uuid.length !== UUID_BYTES) throw new RangeError('a UUID has 16 bytes');
  const hex = Buffer.from(uuid).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
