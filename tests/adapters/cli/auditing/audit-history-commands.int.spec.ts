import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { householdAggregate } from '../../../../src/application/kernel/aggregate.ts';
import { tokens } from '../../../../src/composition/system-tokens.ts';
import {
  openTwoStores,
  type SignedInUser,
  signUp,
  type TwoStores,
} from '../../../support/event-log/two-stores.ts';
import { runCommand } from '../../../support/servers/command-line.ts';
import { visitor } from '../../../support/servers/composed-system.ts';

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g;

let stores: TwoStores;
let ann: SignedInUser;
let flat: string;
let beforeRemoval: string;
beforeAll(async () => {
  stores = await openTwoStores();
  const system = await stores.open('postgres');
  ann = await signUp(system);
  const ben = await signUp(system);
  const as = (person: SignedInUser) => ({ ...visitor, actor: person.id });
  const http = system.get(tokens.http);
  await http.changeProfile(ann.id, { displayName: 'Ann\u202eleave' }, as(ann));
  flat = (await http.households.createHousehold({ userId: ben.id, name: 'Flat' }, as(ben))).id;
  const data = {
    userId: ann.id,
    role: 'viewer' as const,
    home: false,
    now: system.get(tokens.clock).now(),
  };
  const join = { type: 'AddMember', data } as const;
  await system.get(tokens.commands).execute(householdAggregate, flat, join, as(ben));
  const [last] = await system
    .get(tokens.events)
    .search({ filter: {}, before: undefined, limit: 1 });
  beforeRemoval = last?.position ?? '';
  const removal = { householdId: flat, userId: ben.id, memberId: ann.id };
  await http.householdMembers.removeMember(removal, as(ben));
});
afterAll(() => stores?.close());

const audit = (location: 'postgres' | 'eventstoredb', ...args: string[]) =>
  runCommand(['audit', ...args], { ...stores.settings[location], LATCHKEY_LOG_LEVEL: 'silent' });

const here = (...args: string[]) => audit('postgres', ...args);
const json = async (...args: string[]) => JSON.parse((await here(...args, '--json')).stdout);

describe('when audit user shows an account', () => {
  it('prints account, households, sessions and events, without control characters', async () => {
    const { code, stdout, stderr } = await here('user', ann.email.toUpperCase(), '--events', '1');
    expect({ code, stderr }).toStrictEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain('\u202e');
    const lines = stdout.split('\n').map((line) => line.replace(TIME, 'TIME'));
    expect(lines.slice(0, 12)).toStrictEqual([
      `User        ${ann.id}`,
      'As of       TIME',
      'Status      active',
      `E-mail      ${ann.email} (not verified)`,
      'Username    -',
      'Name        Ann\ufffdleave',
      'Role        user',
      'Tier        free',
      'Language    en',
      'Password    set',
      'Locked      no',
      'Registered  TIME',
    ]);
    expect(lines).toContain('Events (the latest 1 of 3):');
    expect(stdout).toContain(`${ann.sessionId}  hh_`);
    expect(stdout).toMatch(new RegExp(`DisplayNameChanged +${ann.id} +${visitor.correlationId}`));
  });

  it('shows the state at a position, and refuses a time before the first event', async () => {
    const member = await json('user', ann.id, '--as-of', beforeRemoval);
    const now = await json('user', ann.id);
    const ids = ({ memberships }: { memberships: { householdId: string }[] }) =>
      memberships.map(({ householdId }) => householdId);
    expect(ids(member)).toStrictEqual([...ids(now), flat]);
    expect(await here('user', ann.id, '--as-of', '2020-01-01T00:00:00Z')).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'It did not exist as of 2020-01-01T00:00:00Z.\nRefused: user_not_found.\n',
    });
  });

  it.each([
    [['user', 'nobody@example.com'], 1, 'Refused: user_not_found.\n'],
    [['user', 'a\u0001b'], 1, 'Refused: user_not_found.\n'],
    [['household', 'hh_none'], 1, 'Refused: household_not_found.\n'],
    [['family', '00000000-0000-4000-8000-000000000000'], 1, 'Refused: session_not_found.\n'],
    [['family', 'x'], 2, '<family> must be a UUID: the sessionId of its token pairs\n'],
    [
      ['user', 'x', '--as-of', 'yesterday'],
      2,
      '--as-of must be a time such as 2026-01-31T12:00:00Z, or a log position as `audit` prints it\n',
    ],
  ])('refuses %j', async (args, code, stderr) => {
    expect(await here(...args)).toStrictEqual({ code, stdout: '', stderr });
  });

  it('exits 2 for a malformed count', async () => {
    expect((await here('user', ann.id, '--events', '-1')).code).toBe(2);
  });
});

describe('when audit household or audit family shows its subject', () => {
  it('prints members and invitations, or tokens', async () => {
    const household = await here('household', flat, '--as-of', beforeRemoval);
    expect(household.stdout).toMatch(new RegExp(`${ann.id} +viewer +`));
    expect(household.stdout).toContain('Open invitations: none');
    const family = await here('family', ann.sessionId.toUpperCase());
    expect(family.stdout).toMatch(/^Status {6}live$/m);
    expect(family.stdout).toContain(`${ann.sessionId}.0  `);
  });
});

describe('when audit explain explains a refusal', () => {
  const route = () => `GET /v1/households/${flat}/members`;

  it('prints a sentence, the code and the events', async () => {
    const { code, stdout } = await here('explain', '--user', ann.id, '--route', route());
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^${ann.id} has not been a member of ${flat} since ${TIME.source}: removed by`),
    );
    expect(stdout).toMatch(/^Answer {2}household_not_found$/m);
    expect(stdout).toMatch(new RegExp(`${ann.id} joined as viewer`));
    expect(stdout).toMatch(new RegExp(`${ann.id} was removed \\(removed\\)`));
  });

  it('prints the same as JSON, and null for what is not refused', async () => {
    expect(await json('explain', '--user', ann.email, '--route', route())).toMatchObject({
      code: 'household_not_found',
      userId: ann.id,
      reasons: [
        { type: 'MemberAdded', stream: `household-${flat}`, revision: '1' },
        { type: 'MemberRemoved', eventId: expect.any(String) },
      ],
    });
    expect(await json('explain', '--user', ann.id)).toMatchObject({ code: null });
    expect(await json('explain', '--family', ann.sessionId)).toMatchObject({ code: null });
    expect(await json('explain', '--jti', `${ann.sessionId}.0`)).toMatchObject({ code: null });
  });

  it.each([
    [[], 2, 'Choose one: --family, --jti, --user, or --user with --route.\n'],
    [['--jti', 'x'], 2, '--jti must be <family>.<number>, as in the access token\n'],
    [
      ['--user', 'x', '--route', '/v1/me'],
      2,
      "--route must be a method and a path, such as 'GET /v1/households/hh_1'\n",
    ],
    [
      ['--user', 'x', '--family', 'x'],
      2,
      'Choose one: --family, --jti, --user, or --user with --route.\n',
    ],
    [
      ['--route', 'GET /v1/me'],
      2,
      'Choose one: --family, --jti, --user, or --user with --route.\n',
    ],
    [['--user', 'nobody'], 1, 'Refused: user_not_found.\n'],
    [['--jti', '00000000-0000-4000-8000-000000000000.0'], 1, 'Refused: access_token_not_found.\n'],
  ])('refuses %j', async (args, code, stderr) => {
    expect(await here('explain', ...args)).toStrictEqual({ code, stdout: '', stderr });
  });

  it('exits 1 for an unknown route', async () => {
    expect(await here('explain', '--user', ann.id, '--route', 'GET /nowhere')).toStrictEqual({
      code: 1,
      stdout: '',
      stderr: 'Refused: route_not_found.\n',
    });
  });
});

describe('when the log is in EventStoreDB', () => {
  it('audit explain gives the same answer as in PostgreSQL', async () => {
    const said = await json('explain', '--user', ann.id, '--route', `GET /v1/households/${flat}`);
    await stores.copy('eventstoredb');
    const there = await audit(
      'eventstoredb',
      ...['explain', '--user', ann.id, '--route', `GET /v1/households/${flat}`, '--json'],
    );
    const { asOf: _, ...explained } = JSON.parse(there.stdout);
    expect({ asOf: said.asOf, ...explained }).toStrictEqual(said);
  });
});
