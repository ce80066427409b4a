import type shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ExpectedRevision } from '../log/commit-check.ts';
import type { LogRecord, ProposedEvent } from '../log/stored-record.ts';

type ProposedMessage = streams.AppendReq.ProposedMessage | streams.BatchAppendReq.ProposedMessage;

export const streamNameOf = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

export const proposedEventOf = (message: ProposedMessage): ProposedEvent => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  contentType: message.getMetadataMap().get('content-type') ?? '',
  data: message.getData_asU8(),
  metadata: message.getCustomMetadata_asU8(),
});

type Expecting = Readonly<{
  hasNoStream(): boolean;
  hasStreamExists(): boolean;
  hasAny(): boolean;
}>;

const expectedOf = (options: Expecting, revision: () => string): ExpectedRevision => {
  if (options.hasNoStream()) return 'no_stream';
  if (options.hasStreamExists()) return 'stream_exists';
  return options.hasAny() ? 'any' : BigInt(revision());
};

type RevisionOptions =
  | streams.AppendReq.Options
  | streams.DeleteReq.Options
  | streams.TombstoneReq.Options;

export const expectedRevisionOf = (options: RevisionOptions): ExpectedRevision =>
  expectedOf(options, () => options.getRevision());

export const expectedPositionOf = (options: streams.BatchAppendReq.Options): ExpectedRevision =>
  expectedOf(options, () => options.getStreamPosition());

export type RecordFilter = Readonly<{
  matches: (record: LogRecord) => boolean;
  /** Number of records, matching or not, after which a checkpoint is sent. */
  checkpointEvery: number;
}>;

const DEFAULT_SEARCH_WINDOW = 32;

export const filterOf = (options: streams.ReadReq.Options): RecordFilter | undefined => {
  const filter = options.getFilter();
  const expression = filter?.getEventType() ?? filter?.getStreamIdentifier();
  if (!filter || !expression) return undefined;
  const byType = filter.hasEventType();
  const pattern = expression.getRegex() === '' ? undefined : new RegExp(expression.getRegex());
  const prefixes = expression.getPrefixList();
  const window = filter.hasMax() ? filter.getMax() : DEFAULT_SEARCH_WINDOW;
  return {
    matches: ({ stream, type }) => {
      const subject = byType ? type : stream;
      return pattern ? pattern.test(subject) : prefixes.some((it) => subject.startsWith(it));
    },
    checkpointEvery: window * filter.getCheckpointintervalmultiplier(),
  };
};
