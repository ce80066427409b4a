import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AdoptedService,
  startAdoptedService,
} from '../../support/adopting/adopted-service.ts';
import type { Photograph } from '../../support/adopting/adoption-photograph.ts';
import { type AdoptionRun, openAdoptionRun } from '../../support/adopting/adoption-run.ts';
import { loadDump } from '../../support/adopting/legacy-database.ts';
import { expectSignedIn, type SignedIn } from '../../support/servers/http-client.ts';

const NEW_PASSWORD = 'another horse on a staircase';

const openAdopted = async (...args: readonly string[]) => {
  const run = await openAdoptionRun();
  await loadDump(run, 'integer-ids.sql');
  const before = await run.photograph();
  const { code, stderr } = await run.latchkey('adopt', '--table', 'tasks', ...args);
  expect({ code, stderr: code === 0 ? '' : stderr }).toStrictEqual({ code: 0, stderr: '' });
  return { run, before };
};

describe('when accounts were changed after an adoption', () => {
  let run: AdoptionRun;
  let before: Photograph;
  let service: AdoptedService;
  let stranger: SignedIn;
  beforeAll(async () => {
    ({ run, before } = await openAdopted());
    service = await startAdoptedService(run);
  });
  afterAll(async () => {
    await service.stop();
    await run.drop();
  });

  it('adopt drift first reports no difference', async () => {
    expect(await run.latchkey('adopt', 'drift')).toMatchObject({ code: 0 });
  });

  it('adopt drift reports a changed address, password and name, and a new user, without their values', async () => {
    const { client } = service;
    const eve = (await client.signIn('eve', 'eve listens in')).json as SignedIn;
    await client.call('PUT', '/v1/me/password', {
      token: eve.accessToken,
      body: { currentPassword: 'eve listens in', newPassword: NEW_PASSWORD },
    });
    const finn = (await client.signIn('finn', 'finn the human')).json as SignedIn;
    await client.call('PUT', '/v1/me/email', {
      token: finn.accessToken,
      body: { email: 'new.finn@example.net', password: 'finn the human' },
    });
    const token = await service.tokenTo('new.finn@example.net');
    const confirmed = await client.call('POST', '/v1/email-verifications/confirm', {
      body: { token },
    });
    expect(confirmed.status).toBe(204);
    await run.sql("UPDATE users SET legacy_username = 'adelaide' WHERE id = '1'");
    stranger = expectSignedIn(
      await client.call('POST', '/v1/users', {
        body: { email: 'new@example.net', password: NEW_PASSWORD, displayName: 'New' },
      }),
    );

    const { code, stdout } = await run.latchkey('adopt', 'drift', '--json');

    expect(code).toBe(1);
    const text = stdout.replaceAll(/\s+/g, ' ');
    for (const secret of ['example.net', 'finn@example', 'adelaide', '$argon2id', 'pbkdf2']) {
      expect({ secret, told: text.includes(secret) }).toStrictEqual({ secret, told: false });
    }
    expect(text).toContain(stranger.user.id);
  });

  it('adopt rollback refuses, names the reason, and changes nothing', async () => {
    const adopted = await run.photograph();
    const { code, stdout, stderr } = await run.latchkey('adopt', 'rollback');
    expect(code).toBe(1);
    expect(`${stdout}${stderr}`).toContain('--discard-');
    expect(await run.photograph()).toStrictEqual(adopted);
  });

  it('adopt rollback restores the old tables with the --discard options', async () => {
    await service.stop();
    await run.sql("UPDATE users SET legacy_username = 'ada' WHERE id = '1'");
    const { code, stderr } = await run.latchkey(
      ...['adopt', 'rollback', '--discard-events', '--discard-changes'],
    );
    expect({ code, stderr: code === 0 ? '' : stderr }).toStrictEqual({ code: 0, stderr: '' });
    const after = await run.photograph();
    // The old row was updated by hand: its place in the table differs, and nothing else.
    expect([...after.lines].sort()).toStrictEqual([...before.lines].sort());
  });
});

describe('when rows were written after an adoption', () => {
  let run: AdoptionRun;
  let before: Photograph;
  beforeAll(async () => {
    ({ run, before } = await openAdopted());
    const service = await startAdoptedService(run);
    const { accessToken: token } = (await service.client.signIn('eve', 'eve listens in'))
      .json as SignedIn;
    const body = { title: 'Made since' };
    expect((await service.client.call('POST', '/v1/tasks', { token, body })).status).toBe(201);
    expect((await service.client.call('DELETE', '/v1/tasks/1', { token })).status).toBe(204);
    await service.stop();
  });
  afterAll(() => run.drop());

  it('adopt rollback keeps them, with ids from the old sequence', async () => {
    const { code, stderr } = await run.latchkey('adopt', 'rollback', '--discard-events');
    expect({ code, stderr: code === 0 ? '' : stderr }).toStrictEqual({ code: 0, stderr: '' });

    const { lines } = await run.photograph();
    const gone = before.lines.filter((line) => !lines.includes(line));
    const added = lines.filter((line) => !before.lines.includes(line));
    expect(gone).toStrictEqual([expect.stringMatching(/^tasks \(1,/), 'tasks_id_seq (63,t)']);
    expect(added).toStrictEqual([
      expect.stringMatching(/^tasks \(64,8,"Made since",,f,,/),
      'tasks_id_seq (64,t)',
    ]);
  });
});

describe('when an adoption is finished', () => {
  let run: AdoptionRun;
  beforeAll(async () => {
    ({ run } = await openAdopted());
  });
  afterAll(() => run.drop());

  it('adopt finish refuses while a view reads old columns', async () => {
    const adopted = await run.photograph();
    const { code, stderr } = await run.latchkey('adopt', 'finish');
    expect({ code, stderr }).toStrictEqual({ code: 1, stderr: expect.stringContaining('legacy_') });
    expect(await run.photograph()).toStrictEqual(adopted);
  });

  it('adopt finish drops the old columns, and a rollback is refused afterwards', async () => {
    await run.sql('DROP VIEW open_tasks');
    expect(await run.latchkey('adopt', 'finish')).toMatchObject({ code: 0 });

    expect(
      await run.sql(`SELECT attrelid::regclass::text AS table, attname FROM pg_attribute
        JOIN pg_class AS c ON c.oid = attrelid WHERE NOT attisdropped AND relkind IN ('r', 'i')
        AND (attname LIKE 'legacy\\_%' OR attname = 'latchkey_ordinal')`),
    ).toStrictEqual([]);
    // Only the record of the adoption remains.
    expect(
      await run.sql(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'latchkey_adoption'::regnamespace",
      ),
    ).toStrictEqual([{ relname: 'state' }]);
    expect(await run.latchkey('projections', 'verify')).toMatchObject({ code: 0 });
    const adopted = await run.photograph();
    const { code, stderr } = await run.latchkey('adopt', 'rollback');
    expect(code).toBe(1);
    expect(stderr).not.toBe('');
    expect(await run.photograph()).toStrictEqual(adopted);
  });

  it('the service keeps running', async () => {
    const service = await startAdoptedService(run);
    expect((await service.client.signIn('eve', 'eve listens in')).status).toBe(201);
    await service.stop();
  });
});
