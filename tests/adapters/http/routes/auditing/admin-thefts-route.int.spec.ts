import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokens } from '../../../../../src/composition/system-tokens.ts';
import { readPages, signUpAdmin } from '../../../../support/administration/administrators.ts';
import { visitor } from '../../../../support/servers/composed-system.ts';
import { expectProblem, type SignedIn } from '../../../../support/servers/http-client.ts';
import { type RunningApp, startRunningApp } from '../../../../support/servers/running-app.ts';

let app: RunningApp;
let admin: SignedIn;
const victims: SignedIn[] = [];
beforeAll(async () => {
  app = await startRunningApp();
  admin = await signUpAdmin(app);
  for (let n = 0; n < 3; n += 1) {
    const victim = await app.client.signUp();
    await app.client.rotate(victim, 2);
    await app.client.refresh(victim.refreshToken, 'Thief/1.0');
    victims.push(victim);
  }
});
afterAll(() => app.close());

const list = (query = '', token = admin.accessToken) =>
  app.client.call('GET', `/v1/admin/thefts${query}`, { token });

type Page = Readonly<{ thefts: readonly { familyId: string }[]; nextCursor: string | null }>;

describe('the list of thefts', () => {
  it('contains every theft, latest first, page by page', async () => {
    const pages = await readPages(async (cursor) => {
      const { json } = await list(`?limit=2${cursor === undefined ? '' : `&cursor=${cursor}`}`);
      const { thefts, nextCursor } = json as Page;
      return { items: thefts, nextCursor };
    });
    expect(pages.map((page) => page.map(({ familyId }) => familyId))).toStrictEqual([
      [victims[2]?.sessionId, victims[1]?.sessionId],
      [victims[0]?.sessionId],
    ]);
    expect(pages[1]).toStrictEqual([
      {
        familyId: victims[0]?.sessionId,
        userId: victims[0]?.user.id,
        at: expect.any(String),
        cause: 'older_generation',
        presentedGeneration: 0,
        currentGeneration: 2,
        verdict: 'proven',
        radius: 0,
      },
    ]);
  });

  it('contains no theft before the requested time', async () => {
    expect((await list('?since=2999-01-01T00:00:00Z')).json).toStrictEqual({
      thefts: [],
      nextCursor: null,
    });
  });

  it('refuses an invalid time and a user who is not an administrator', async () => {
    expectProblem(await list('?since=yesterday'), 'validation_failed');
    expectProblem(await list('', victims[0]?.accessToken), 'access_token_invalid');
    const { accessToken } = await app.client.signUp();
    expectProblem(await list('', accessToken), 'admin_required');
  });
});

describe('a theft whose user was erased since', () => {
  it('still has a proven verdict, and its earlier signed report stays valid', async () => {
    const [victim] = victims;
    const { signTheftReport, checkTheftReport } = app.get(tokens.theftReports);
    const replay = app.get(tokens.replayTheft);
    const report = await signTheftReport(await replay(victim?.sessionId ?? ''));
    await app.get(tokens.eraseUser)({ userId: victim?.user.id ?? '', granted: null }, visitor);

    const { reproduction, theft, chain } = await replay(victim?.sessionId ?? '');
    expect(reproduction).toMatchObject({ verdict: 'proven', clients: 'as_recorded' });
    expect(chain).toStrictEqual({ intact: true, firstBroken: null });
    expect(theft?.presenter).toStrictEqual({ ip: '[erased]', userAgent: '[erased]', client: null });
    expect(await checkTheftReport(report)).toMatchObject({
      verified: true,
      log: { verdict: 'same_but_erased', differs: [] },
    });
  });
});
