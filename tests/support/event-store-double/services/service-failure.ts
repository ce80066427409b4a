import { Metadata, status } from '@grpc/grpc-js';
import type { Fault } from './fault-plan.ts';

/** A failure in gRPC; `exception` in its metadata names the client's error. */
export type ServiceFailure = Error & { code: status; details: string; metadata: Metadata };

export type Endpoint = Readonly<{ address: string; port: number }>;

export const failureOf = (
  code: status,
  details: string,
  entries: Readonly<Record<string, string>> = {},
): ServiceFailure => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(entries)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

export const streamDeleted = (stream: string): ServiceFailure =>
  failureOf(status.FAILED_PRECONDITION, `Event stream '${stream}' is deleted.`, {
    exception: 'stream-deleted',
    'stream-name': stream,
  });

export const notLeader = ({ address, port }: Endpoint): ServiceFailure =>
  failureOf(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': address,
    'leader-endpoint-port': String(port),
  });

export const tooLarge = (limit: number): ServiceFailure =>
  failureOf(status.INVALID_ARGUMENT, `Maximum Append Size of ${limit} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(limit),
  });

const detailsOf = (code: status): string =>
  code === status.INTERNAL ? 'Received RST_STREAM with code 2' : 'injected by the test';

type Failing = Extract<Fault, { code: status }>;

export const injected = (fault: Failing): ServiceFailure =>
  failureOf(
    fault.code,
    ('details' in fault && fault.details) || detailsOf(fault.code),
    'metadata' in fault ? fault.metadata : {},
  );
