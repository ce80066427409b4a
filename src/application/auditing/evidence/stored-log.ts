/** An event as it is stored, with personal fields encrypted, before any check. */
export type StoredEntry = Readonly<{
  /** The stream's name as it is stored. */
  stream: string;
  revision: number;
  /** The position in the log, for messages; meaningless in another store. */
  position: string;
  /** SHA-256 (hex) as it is stored. */
  chain: string;
  /**
   * Computes what `chain` must be after the chain value `previous`; undefined for the first event.
   */
  chainAfter(previous: string | undefined): string;
  /**
   * A fault apart from the chain. `column_differs`: the store's columns for finding the event
   * disagree with it; `personal_data_unreadable`: checked only with `deep`.
   */
  fault: 'column_differs' | 'personal_data_unreadable' | undefined;
}>;

/** An entry in a stream of this service that is not one of its events. */
export type UnreadableEntry = Readonly<{ stream: string; position: string; unreadable: true }>;

/** The end of a stream. */
export type StreamMark = Readonly<{ stream: string; revision: number; chain: string }>;

/** A range of events of one stream, both ends included. */
export type StreamSpan = Readonly<{ stream: string; from: number; to: number }>;

/** Events that the store has but does not return: the stream was deleted or truncated. */
export type HiddenEvents = Readonly<{
  stream: string;
  /** The first revision that is still returned; undefined if none is. */
  shownFrom: number | undefined;
}>;

/** The log at one moment; in an external store, from one moment on. */
export type LogView = Readonly<{
  /** Whether heads and events are of the same moment: then events after the head are a finding. */
  exact: boolean;
  /** The approximate number of events. */
  count(): Promise<number>;
  /** The heads that the database keeps apart from the events, in batches. */
  readHeads(): AsyncIterable<readonly StreamMark[]>;
  /** All events in the order of the log, in batches. `deep`: decrypts what can be decrypted. */
  readEvents(deep: boolean): AsyncIterable<readonly (StoredEntry | UnreadableEntry)[]>;
  /** Available once all events are read. */
  readHidden(): Promise<readonly HiddenEvents[]>;
  /** One stream, in order. */
  readStream(stream: string): Promise<readonly StoredEntry[]>;
}>;

/** The log as evidence, in whichever store it is. */
export type StoredLog = Readonly<{
  inspect<Result>(work: (view: LogView) => Promise<Result>): Promise<Result>;
  /** The events of the spans, each stream in order. */
  readSpans(spans: readonly StreamSpan[]): Promise<readonly StoredEntry[]>;
}>;
