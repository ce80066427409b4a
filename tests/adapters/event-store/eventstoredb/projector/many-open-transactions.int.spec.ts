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

/** Two seconds each, were they waited for one after the other: longer than `projected` waits. */
const OPEN = 30;

let log: SharedLog;
let system: ComposedSystem;
beforeEach(async () => {
  log = await openSharedLog();
  system = await log.open();
});
afterEach(() => log?.close());

/** What a process that was killed leaves: an event whose transaction nobody decided. */
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
  it('lets what comes after them wait for all of them at once', async () => {
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
