/** An event as it is stored, personal fields still encrypted. Nothing about it is believed. */
export type StoredEntry = Readonly<{
  /** The stream's name as it is stored. */
  stream: string;
  revision: number;
  /** Where it is in the log, for people; means nothing in another store. */
  position: string;
  /** SHA-256 (hex) as it is stored. */
  chain: string;
  /** What `chain` has to be behind the chain value `previous`; undefined: in the first place. */
  chainAfter(previous: string | undefined): string;
  /**
   * What is wrong with it besides the chain. `column_differs`: what the store keeps beside the event to
   * find it by says something else; `personal_data_unreadable`: asked for by `deep` only.
   */
  fault: 'column_differs' | 'personal_data_unreadable' | undefined;
}>;

/** Something in our streams that is no event of ours. */
export type UnreadableEntry = Readonly<{ stream: string; position: string; unreadable: true }>;

/** How far a stream has come. */
export type StreamMark = Readonly<{ stream: string; revision: number; chain: string }>;

/** Events of one stream, both ends included. */
export type StreamSpan = Readonly<{ stream: string; from: number; to: number }>;

/** Events that the store has and shows nobody any more: the stream was deleted or truncated. */
export type HiddenEvents = Readonly<{
  stream: string;
  /** The first revision that is still shown; undefined: none is. */
  shownFrom: number | undefined;
}>;

/** The log as it stands at one moment, or from one moment on where it lives elsewhere. */
export type LogView = Readonly<{
  /** Whether heads and events are of the same moment: then a log longer than its head is a finding. */
  exact: boolean;
  /** About how many events there are. */
  count(): Promise<number>;
  /** The heads that the database keeps apart from the events, some at a time. */
  readHeads(): AsyncIterable<readonly StreamMark[]>;
  /** All events in the order of the log, some at a time. `deep`: decrypts what can be decrypted. */
  readEvents(deep: boolean): AsyncIterable<readonly (StoredEntry | UnreadableEntry)[]>;
  /** Known once all events are read. */
  readHidden(): Promise<readonly HiddenEvents[]>;
  /** One stream, in order. */
  readStream(stream: string): Promise<readonly StoredEntry[]>;
}>;

/** The log as evidence, wherever it lives. */
export type StoredLog = Readonly<{
  inspect<Result>(work: (view: LogView) => Promise<Result>): Promise<Result>;
  /** Of some streams, each in order. */
  readSpans(spans: readonly StreamSpan[]): Promise<readonly StoredEntry[]>;
}>;
