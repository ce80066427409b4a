import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declaredTables } from '../../../../../src/application/household-data/declared-tables.ts';
import {
  newMember,
  newOwner,
  type Person,
} from '../../../../support/households/household-people.ts';
import { createSamples } from '../../../../support/households/record-samples.ts';
import { eventually } from '../../../../support/kernel/eventually.ts';
import { type Answer, expectProblem } from '../../../../support/servers/http-client.ts';
import {
  type RunningApp,
  startRunningApp,
  times,
} from '../../../../support/servers/running-app.ts';
import { outcomes } from '../../../../support/servers/two-servers.ts';

const [accounts, , payees] = declaredTables;

let app: RunningApp;
let samples: ReturnType<typeof createSamples>;
beforeAll(async () => {
  app = await startRunningApp();
  samples = createSamples(app.client, declaredTables);
});
afterAll(() => app?.close());

const call = (person: Person, method: string, path: string, body?: object): Promise<Answer> =>
  app.client.call(method, path, { token: person.token, ...(body && { body }) });

/** Runs `meanwhile` while it waits for a statement's transaction, then commits that. */
const during = async <Result>(
  statements: readonly string[],
  meanwhile: () => Promise<Result>,
): Promise<Result> => {
  const other = new pg.Client({ connectionString: app.connectionString });
  await other.connect();
  try {
    await other.query('BEGIN');
    for (const statement of statements) await other.query(statement);
    const waiting = meanwhile();
    await eventually(async () => {
      const held = await app.sql(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return held.length > 0;
    }, 'a transaction waits');
    await other.query('COMMIT');
    return await waiting;
  } finally {
    await other.end();
  }
};

describe('twenty changes of one record at once', () => {
  it('are each made in turn or refused with an error that allows a retry', async () => {
    const ann = await newOwner(app);
    const { id } = await samples.createBare(ann, payees);
    const answers = await times(20, (n) =>
      call(ann, 'PATCH', `/v1/payees/${id}`, { name: `n${n}` }),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status !== 200 && status !== 409)).toStrictEqual([]);
    expect(statuses).toContain(200);
    const { json } = await call(ann, 'GET', `/v1/payees/${id}`);
    expect(answers.map((answer) => answer.json)).toContainEqual(json);
  });
});

describe('an account deleted while transactions are added to it', () => {
  it('is either deleted without transactions or kept with them', async () => {
    const ann = await newOwner(app);
    for (let round = 0; round < 5; round += 1) {
      const { id } = await samples.createBare(ann, accounts);
      const body = { accountId: id, amount: 1, occurredOn: '2026-01-01' };
      const [deleted, ...made] = await Promise.all([
        call(ann, 'DELETE', `/v1/accounts/${id}`),
        ...Array.from({ length: 10 }, () => call(ann, 'POST', '/v1/transactions', body)),
      ]);
      const kept = made.filter(({ status }) => status === 201).length;
      const gone = deleted?.status === 204;
      const possible = gone ? ['reference_not_found'] : ['201', 'concurrent_update'];
      expect(Object.keys(outcomes(made)).filter((each) => !possible.includes(each))).toStrictEqual(
        [],
      );
      const account = await call(ann, 'GET', `/v1/accounts/${id}`);
      expect(account.status).toBe(gone ? 404 : 200);
      const left = await call(ann, 'GET', `/v1/transactions?accountId=${id}`);
      expect((left.json as { transactions: unknown[] }).transactions).toHaveLength(kept);
      if (gone) expect(kept).toBe(0);
      else expect([409]).toContain(deleted?.status);
    }
  });
});

describe('twenty requests to delete one record', () => {
  it('succeed exactly once', async () => {
    const ann = await newOwner(app);
    const { id } = await samples.createBare(ann, payees);
    const answers = await times(20, () => call(ann, 'DELETE', `/v1/payees/${id}`));
    expect(outcomes(answers)).toStrictEqual({ 204: 1, record_not_found: 19 });
  });
});

describe('a record created while its household is deleted', () => {
  it('is refused as in a deleted household', async () => {
    const ann = await newOwner(app);
    const guest = await newMember(app, ann.householdId, 'member');
    const answer = await during(
      [
        `UPDATE users SET household_id = NULL WHERE id = '${ann.id}'`,
        `DELETE FROM households WHERE id = '${ann.householdId}'`,
      ],
      () => call(guest, 'POST', '/v1/payees', { name: 'Baker' }),
    );
    expectProblem(answer, 'household_required');
  });
});

describe('a task assigned to a member who is leaving', () => {
  it('is refused like an assignment to a user who is not a member', async () => {
    const ann = await newOwner(app);
    const guest = await newMember(app, ann.householdId, 'member');
    const answer = await during(
      [`DELETE FROM household_members WHERE user_id = '${guest.id}' AND role = 'member'`],
      () => call(ann, 'POST', '/v1/tasks', { title: 'Sweep', assigneeId: guest.id }),
    );
    expectProblem(answer, 'reference_not_found');
  });
});
