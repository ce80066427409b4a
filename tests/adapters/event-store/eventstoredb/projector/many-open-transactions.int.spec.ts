import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import {
  openSharedLog,
  partsOf,
  projected,
  type SharedLog,
  startProjector,
} from '../../../../support/event-log/shared-log.ts';
import { type ComposedSystem, visitor } from '../../../../support/servers/composed-system.ts';
import { PASSWORD } from '../../../../support/servers/http-client.ts';

/** One after the other they would take two seconds each, longer than `projected` waits. */
const OPEN = 30;

let log: SharedLog;
let system: ComposedSystem;
beforeEach(async () => {
  log = await openSharedLog();
  system = await log.open();
});
afterEach(() => log?.close());

/** An event of a killed process, whose transaction has no outcome. */
const leaveOpen = (like: Readonly<Record<string, unknown>>) =>
  partsOf(system).client.append(`user-${randomUUID()}`, 'none', [
    {
      id: randomUUID(),
      type: 'DisplayNameChanged',
      data: {},
      metadata: { ...like, transaction: randomUUID() },
    },
  ]);

describe('when a process was killed with many transactions open', () => {
  it('later events wait for all outcomes in parallel', async () => {
    const person = { email: 'ann@example.com', password: PASSWORD, displayName: 'Ann' };
    const { registerUser } = system.get(tokens.http).registration;
    await registerUser(person, visitor);
    const { metadata } = log.double.events()[0] ?? {};
    await Promise.all(
      Array.from({ length: OPEN }, () => leaveOpen(metadata as Record<string, unknown>)),
    );
    await registerUser({ ...person, email: 'bea@example.com' }, visitor);
    const stop = startProjector(system);
    await projected(system);
    await stop();
    const aborted = log.double.events().filter(({ type }) => type === 'TransactionAborted');
    expect(aborted).toHaveLength(OPEN);
  });
});
