import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { signUpAdmin } from '../../../../support/administration/administrators.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import {
  type Answer,
  expectProblem,
  type SignedIn,
} from '../../../../support/servers/http-client.ts';
import { newMasterKey } from '../../../../support/servers/latchkey-process.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

let app: RunningApp;
/** Another process that uses the same database. */
let other: RunningApp;
beforeEach(async () => {
  const environment = { LATCHKEY_MASTER_KEY: newMasterKey() };
  app = await startRunningApp(environment);
  other = await startRunningApp(environment, app);
});
afterEach(async () => {
  await other?.close();
  await app.close();
});

const demote = ({ client }: RunningApp, by: SignedIn, whom: SignedIn): Promise<Answer> =>
  client.call('PUT', `/v1/admin/users/${whom.user.id}/role`, {
    token: by.accessToken,
    body: { role: 'user' },
  });

const deactivate = ({ client }: RunningApp, by: SignedIn, whom: SignedIn): Promise<Answer> =>
  client.call('POST', `/v1/admin/users/${whom.user.id}/deactivate`, { token: by.accessToken });

const demoteAllBut = async (ids: readonly string[]): Promise<void> => {
  const admins = await app.sql<{ id: string }>('SELECT id FROM users WHERE is_admin');
  for (const { id } of admins.filter(({ id }) => !ids.includes(id))) {
    await app.get(tokens.changeRole)({ userId: id, role: 'user' }, visitor);
  }
};

const activeAdmins = async (): Promise<number> =>
  (await app.sql("SELECT FROM users WHERE role = 'admin' AND is_active")).length;

/** The codes that may refuse an administrator who lost a race. */
const REFUSALS = new Set(['last_admin', 'admin_required', 'access_token_invalid']);

const expectDoneOrRefused = (answers: readonly Answer[]): void => {
  for (const { status, json } of answers) {
    if (status !== 204) expect(REFUSALS).toContain((json as { code: string }).code);
  }
};

describe('the last active administrator', () => {
  it('cannot be demoted, deactivated or erased, and the answer says why', async () => {
    const last = await signUpAdmin(app);
    const before = await app.countEvents();

    expectProblem(await demote(app, last, last), 'last_admin');
    expectProblem(await deactivate(other, last, last), 'last_admin');

    expect(await app.countEvents()).toBe(before);
  });

  it('can be demoted once another active administrator exists', async () => {
    const first = await signUpAdmin(app);
    const second = await signUpAdmin(app);

    expect((await deactivate(app, first, second)).status).toBe(204);
    expectProblem(await demote(app, first, first), 'last_admin');
    const path = `/v1/admin/users/${second.user.id}/reactivate`;
    const token = first.accessToken;
    expect((await app.client.call('POST', path, { token })).status).toBe(204);
    expect((await demote(app, first, first)).status).toBe(204);
  });
});

describe('two administrators who demote each other at the same time', () => {
  it('leave one administrator', async () => {
    for (let round = 0; round < 5; round += 1) {
      const first = await signUpAdmin(app);
      const second = await signUpAdmin(app);
      await demoteAllBut([first.user.id, second.user.id]);

      const answers = await Promise.all([demote(app, first, second), demote(other, second, first)]);

      expectDoneOrRefused(answers);
      expect(await activeAdmins()).toBe(1);
    }
  });
});

describe('three administrators who demote and deactivate each other twenty times at once', () => {
  it('leave exactly one administrator, on whom every process agrees', async () => {
    const admins = [await signUpAdmin(app), await signUpAdmin(app), await signUpAdmin(app)];
    const pairs = admins.flatMap((by) => admins.map((whom) => ({ by, whom })));

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, n) => {
        const { by, whom } = pairs[n % pairs.length] ?? { by: admins[0], whom: admins[0] };
        if (by === undefined || whom === undefined) throw new TypeError('there are three');
        return (n % 4 < 2 ? demote : deactivate)(n % 2 === 0 ? app : other, by, whom);
      }),
    );

    expectDoneOrRefused(answers);
    expect(await activeAdmins()).toBe(1);
    const [left] = await app.sql<{ id: string }>(
      'SELECT id FROM users WHERE is_admin AND is_active',
    );
    const survivor = admins.find(({ user }) => user.id === left?.id);
    for (const { client } of [app, other]) {
      const token = survivor?.accessToken ?? '';
      expect((await client.call('GET', '/v1/admin/users', { token })).status).toBe(200);
    }
  });
});
