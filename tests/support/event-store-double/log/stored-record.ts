/** A stored event for tests. `data` and `metadata` are parsed JSON, undefined when empty. */
export type StoredRecord = {
  eventId: string;
  stream: string;
  revision: bigint;
  position: bigint;
  type: string;
  data: unknown;
  metadata: unknown;
};

/** An event to append; `data` and `metadata` are the bytes that the client sent. */
export type ProposedEvent = Readonly<{
  id: string;
  type: string;
  contentType: string;
  data: Uint8Array;
  metadata: Uint8Array;
}>;

/** A record of the double's log. `created` counts 100 ns since 1970, as the server writes it. */
export type LogRecord = ProposedEvent &
  Readonly<{ stream: string; revision: bigint; position: bigint; created: string }>;

export const isSystemRecord = ({ stream, type }: Pick<LogRecord, 'stream' | 'type'>): boolean =>
  stream.startsWith('$') || type.startsWith('$');

const isJson = ({ contentType }: Pick<LogRecord, 'contentType'>) =>
  contentType === 'application/json';

const parsed = (bytes: Uint8Array): unknown =>
  bytes.length === 0 ? undefined : JSON.parse(Buffer.from(bytes).toString('utf8'));

const bytesOf = (value: unknown): Uint8Array => {
  if (value instanceof Uint8Array) return value;
  return value === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(value), 'utf8');
};

export const toStoredRecord = (record: LogRecord): StoredRecord => ({
  eventId: record.id,
  stream: record.stream,
  revision: record.revision,
  position: record.position,
  type: record.type,
  data: isJson(record) ? parsed(record.data) : record.data,
  metadata: parsed(record.metadata),
});

/** Converts a record back; `original` has the fields that a stored record lacks. */
export const toLogRecord = (
  record: StoredRecord,
  original: Pick<LogRecord, 'contentType' | 'created'>,
): LogRecord => ({
  id: record.eventId,
  stream: record.stream,
  revision: record.revision,
  position: record.position,
  type: record.type,
  contentType: original.contentType,
  created: original.created,
  data: bytesOf(record.data),
  metadata: bytesOf(record.metadata),
});

export const ticksNow = (): string => String(BigInt(Date.now()) * 10_000n);
