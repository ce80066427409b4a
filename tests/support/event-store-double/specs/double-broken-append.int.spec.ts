import { setTimeout as pause } from 'node:timers/promises';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import { credentials } from '@grpc/grpc-js';
import { expect, it } from 'vitest';
import { eventually } from '../../kernel/eventually.ts';
import { useDouble } from './double-fixtures.ts';

const start = useDouble();

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const header = (): streams.AppendReq => {
  const stream = new shared.StreamIdentifier();
  stream.setStreamName(base64('a-1'));
  const options = new streams.AppendReq.Options();
  options.setStreamIdentifier(stream);
  options.setAny(new shared.Empty());
  const request = new streams.AppendReq();
  request.setOptions(options);
  return request;
};

const event = (): streams.AppendReq => {
  const id = new shared.UUID();
  id.setString('00000000-0000-4000-8000-000000000001');
  const message = new streams.AppendReq.ProposedMessage();
  message.setId(id);
  message.getMetadataMap().set('type', 'A').set('content-type', 'application/json');
  message.setData(base64('{}'));
  const request = new streams.AppendReq();
  request.setProposedMessage(message);
  return request;
};

it('an append whose connection breaks before its end is not stored', async () => {
  const { double } = await start();
  const [, host = ''] = /^esdb:\/\/([^?]+)/.exec(double.connectionString) ?? [];
  const client = new services.StreamsClient(host, credentials.createInsecure());
  const broken = new Promise((resolve) => {
    const sink = client.append(resolve);
    sink.on('error', () => undefined);
    sink.write(header());
    sink.write(event());
  });
  await eventually(() => double.openCalls() === 1, 'the append is under way');
  await pause(50); // for its first event to arrive
  double.faults.cutConnections();
  await broken;
  await eventually(() => double.openCalls() === 0, 'no call under way');
  await pause(20);
  expect(double.events()).toStrictEqual([]);
  client.close();
});
