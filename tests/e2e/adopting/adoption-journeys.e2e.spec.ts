import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AdoptedService,
  startAdoptedService,
} from '../../support/adopting/adopted-service.ts';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import { loadDump } from '../../support/adopting/legacy-database.ts';
import { INTEGER_PEOPLE } from '../../support/dumps/integer-dump.ts';
import {
  expectPair,
  expectProblem,
  expectSignedIn,
  type SignedIn,
} from '../../support/servers/http-client.ts';

type Task = Readonly<{ id: string; userId: string; householdId: string; title: string }>;
type TaskPage = Readonly<{ tasks: readonly Task[]; nextCursor: string | null }>;

const MODES = ['default', 'per-user'] as const;

const passwordOf = (wanted: string): string =>
  INTEGER_PEOPLE.find(({ username }) => username === wanted)?.password ?? '';

describe.each(MODES)('when the service runs on an adopted database, households %s', (mode) => {
  let run: AdoptionRun;
  let service: AdoptedService;
  let legacyTasks: readonly Readonly<{ id: string; user_id: string }>[];
  let stranger: SignedIn;
  beforeAll(async () => {
    run = await openAdoptionRun();
    await loadDump(run, 'integer-ids.sql');
    legacyTasks = await run.sql('SELECT id::text, user_id::text FROM tasks ORDER BY id');
    const adopt = ['adopt', '--table', 'tasks', '--table', 'task_comments', '--households', mode];
    expect(await run.latchkey(...adopt)).toMatchObject({ code: 0 });
    service = await startAdoptedService(run);
    stranger = await service.client.signUp();
  });
  afterAll(async () => {
    await service.stop();
    await run.drop();
  });

  const signIn = async (username: string): Promise<SignedIn> => {
    const answer = await service.client.signIn(username, passwordOf(username));
    expect({ username, status: answer.status }).toStrictEqual({ username, status: 201 });
    return answer.json as SignedIn;
  };

  const listTasks = async (token: string, limit = 7): Promise<readonly Task[]> => {
    const tasks: Task[] = [];
    let cursor = '';
    for (;;) {
      const { status, json } = await service.client.call(
        'GET',
        `/v1/tasks?limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
        { token },
      );
      expect(status).toBe(200);
      const page = json as TaskPage;
      tasks.push(...page.tasks);
      if (page.nextCursor === null) return tasks;
      cursor = page.nextCursor;
    }
  };

  it('a member sees the tasks of the household, and other users do not', async () => {
    const shownTo = (username: string, id: number) =>
      legacyTasks
        .filter(({ user_id }) => mode === 'default' || user_id === String(id))
        .map((task) => `${username} ${task.id} of ${task.user_id}`)
        .sort();
    for (const { id, username, password } of INTEGER_PEOPLE) {
      if (password === null) continue;
      const tasks = await listTasks((await signIn(username)).accessToken);
      expect(tasks.map((task) => `${username} ${task.id} of ${task.userId}`).sort()).toStrictEqual(
        shownTo(username, id),
      );
    }
    expect(await listTasks(stranger.accessToken)).toStrictEqual([]);
  });

  it('a stranger is answered as if no task existed', async () => {
    const token = stranger.accessToken;
    const before = await run.sql('SELECT to_jsonb(t) FROM tasks AS t ORDER BY id');
    for (const id of [legacyTasks[0]?.id ?? '', 'task_01hv3q8m5keek9t0n6c0z4x7pa']) {
      const path = `/v1/tasks/${id}`;
      expectProblem(await service.client.call('GET', path, { token }), 'record_not_found');
      expectProblem(
        await service.client.call('PATCH', path, { token, body: { title: 'Mine' } }),
        'record_not_found',
      );
      expectProblem(await service.client.call('DELETE', path, { token }), 'record_not_found');
    }
    expect(await run.sql('SELECT to_jsonb(t) FROM tasks AS t ORDER BY id')).toStrictEqual(before);
  });

  it('a member creates, changes and deletes a task', async () => {
    const { accessToken: token, user } = await signIn('eve');
    const made = await service.client.call('POST', '/v1/tasks', { token, body: { title: 'New' } });
    expect(made).toMatchObject({ status: 201, json: { title: 'New', userId: user.id } });
    const { id } = made.json as Task;
    const path = `/v1/tasks/${id}`;
    const changed = await service.client.call('PATCH', path, { token, body: { completed: true } });
    expect(changed).toMatchObject({ status: 200, json: { id, title: 'New', completed: true } });
    expect((await service.client.call('DELETE', path, { token })).status).toBe(204);
    expectProblem(await service.client.call('GET', path, { token }), 'record_not_found');
  });

  it('a member changes a task from before the adoption', async () => {
    const { accessToken: token, user } = await signIn('eve');
    const own = legacyTasks.find(({ user_id }) => user_id === user.id);
    const path = `/v1/tasks/${own?.id}`;
    const title = 'Changed since';
    const answer = await service.client.call('PATCH', path, { token, body: { title } });
    expect(answer).toMatchObject({ status: 200, json: { id: own?.id, title } });
  });

  it('a session of an adopted user ends when its refresh token is stolen', async () => {
    const session = await signIn('ada');
    const { user: _, ...pair } = session;
    const [first, , third] = await service.client.rotate(pair, 2);
    expectProblem(
      await service.client.refresh(first?.refreshToken ?? '', 'curl/8.0'),
      'refresh_token_reused',
    );
    expectProblem(await service.client.refresh(third?.refreshToken ?? ''), 'refresh_token_invalid');
    const audit = await run.latchkey('audit', 'theft', session.sessionId);
    expect(audit.code).toBe(0);
    expect(audit.stdout).toContain('Chain     intact');
  });

  it('an adopted administrator is an administrator', async () => {
    const { accessToken: token } = await signIn('finn');
    expect((await service.client.call('GET', '/v1/admin/users', { token })).status).toBe(200);
    const { accessToken } = await signIn('eve');
    const refused = await service.client.call('GET', '/v1/admin/users', { token: accessToken });
    expect(refused.status).toBe(403);
  });

  it('a deactivated user is refused, and so is a new user with an old name', async () => {
    expect(await run.latchkey('users', 'deactivate', '3')).toMatchObject({ code: 0 });
    expectProblem(
      await service.client.signIn('carl.k', passwordOf('Carl.K')),
      'invalid_credentials',
    );
    const body = { email: 'n@example.net', password: 'a horse on a staircase', displayName: 'N' };
    const taken = await service.client.call('POST', '/v1/users', {
      body: { ...body, username: 'BEN' },
    });
    expectProblem(taken, 'identifier_taken');
  });

  it('tokens remain valid across a restart', async () => {
    const { user: _, ...pair } = await signIn('finn');
    await service.stop();
    service = await startAdoptedService(run);
    expect(expectPair(await service.client.refresh(pair.refreshToken)).sessionId).toBe(
      pair.sessionId,
    );
    expectSignedIn(await service.client.signIn(stranger.user.email));
  });

  it('the tables agree with the events at the end', async () => {
    expect(await run.latchkey('projections', 'verify')).toMatchObject({ code: 0 });
  });
});
