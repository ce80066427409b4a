import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import {
  openSharedLog,
  projected,
  type SharedLog,
  startProjector,
} from '../../../support/event-log/shared-log.ts';
import {
  allTables,
  type ComposedSystem,
  visitor,
} from '../../../support/servers/composed-system.ts';
import { expectProblem, expectSignedIn, PASSWORD } from '../../../support/servers/http-client.ts';
import type { RunningApp } from '../../../support/servers/running-app.ts';

const newcomer = {
  email: 'ann@example.com',
  username: 'ann',
  password: PASSWORD,
  displayName: 'Ann',
};

let log: SharedLog;
let app: RunningApp;
let crashing: ComposedSystem;
beforeEach(async () => {
  log = await openSharedLog();
  app = await log.serve();
  crashing = await log.openCrashing();
});
afterEach(() => log?.close());

const register = (body: object = newcomer) => app.client.call('POST', '/v1/users', { body });

const registrations = () =>
  log.double.events().filter(({ type }) => type === 'UserRegistered').length;

/** Fails unless the log can be projected to its end into the existing tables. */
const expectSound = async () => {
  const stop = startProjector(app);
  await projected(app);
  await stop();
  const { drift } = await app.get(tokens.projections).verify(allTables, () => undefined);
  expect(drift).toStrictEqual([]);
};

const unavailable = { code: 'service_unavailable' };

describe('an account that is stored although its registration was refused before it was projected', () => {
  beforeEach(async () => {
    const registering = crashing.get(tokens.createAccount)(newcomer, 'unverified', visitor);
    await expect(registering).rejects.toMatchObject(unavailable);
  });

  it.each([
    { body: newcomer },
    { body: { ...newcomer, username: 'anna' } },
    { body: { ...newcomer, email: 'anna@example.com' } },
  ])('keeps its identifiers: $body.email, $body.username', async ({ body }) => {
    expect((await register(body)).status).not.toBe(201);
    await expectSound();
    expectProblem(await register(body), 'identifier_taken');
    expectSignedIn(await app.client.signIn(newcomer.email));
    expect(registrations()).toBe(1);
  });
});

describe('an account that is stored and whose claim was released', () => {
  it('loses no identifier to an import', async () => {
    const registering = crashing.get(tokens.createAccount)(newcomer, 'unverified', visitor);
    await expect(registering).rejects.toMatchObject(unavailable);
    const wanted = [
      { kind: 'email', value: newcomer.email, userId: 'user_imported' },
      { kind: 'username', value: newcomer.username, userId: 'user_imported' },
    ] as const;
    const { claim } = app.get(tokens.identifierClaims);
    expect(await claim(wanted).catch(() => [])).toStrictEqual([]);
    await expectSound();
    expect(await claim(wanted)).toStrictEqual([]);
  });
});

describe('a claim that was released before an event was stored', () => {
  it('is free at once', async () => {
    const { email, username } = newcomer;
    const claimed = [
      { kind: 'email', value: email } as const,
      { kind: 'username', value: username } as const,
    ];
    const identifiers = crashing.get(tokens.identifiers);
    await identifiers.claim(claimed, 'user_gone');
    expectProblem(await register(), 'identifier_taken');
    await identifiers.release(claimed, 'user_gone');
    expectSignedIn(await register());
    await expectSound();
  });
});

describe('a claim that expires while the tables are behind', () => {
  it('stays with the user whose account is stored under it', async () => {
    const registering = crashing.get(tokens.createAccount)(newcomer, 'unverified', visitor);
    await expect(registering).rejects.toMatchObject(unavailable);
    await app.sql(`UPDATE identifier_claims SET expires_at = now() - interval '1 minute'`);
    expect((await register()).status).not.toBe(201);
    await expectSound();
    expect(registrations()).toBe(1);
  });
});
