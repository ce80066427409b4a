import { describe, expect, it } from 'vitest';
import { createListThefts } from '../../../../src/application/auditing/theft/list-thefts.ts';
import { createStolenSession, FAMILY } from '../../../support/auditing/stolen-session.ts';
import { ANN } from '../../../support/events/household-fixtures.ts';
import { at, START } from '../../../support/events/token-family-fixtures.ts';

const setUp = async () => {
  const world = await createStolenSession();
  return { ...world, listThefts: createListThefts(world) };
};

const all = { since: undefined, before: undefined, limit: 10 };

describe('listing the thefts of refresh tokens', () => {
  it('summarises a theft, its verdict and the number of affected events', async () => {
    const { listThefts, toUser, detect } = await setUp();
    await toUser({ type: 'ChangeDisplayName', data: { displayName: 'Mallory', now: START } });
    await detect();
    expect(await listThefts(all)).toStrictEqual({
      thefts: [
        {
          familyId: FAMILY,
          userId: ANN,
          at: at(60),
          cause: 'other_client',
          presentedGeneration: 0,
          currentGeneration: 1,
          verdict: 'proven',
          radius: 1,
        },
      ],
      next: undefined,
    });
  });

  it('answers no thefts where none was detected', async () => {
    const { listThefts } = await setUp();
    expect(await listThefts(all)).toStrictEqual({ thefts: [], next: undefined });
  });

  it('answers a page, and the position that the next page ends before', async () => {
    const { auditDirectory, replayTheft, detect } = await setUp();
    await detect();
    const [place] = await auditDirectory.thefts({ before: undefined, limit: 1 });
    if (place === undefined) throw new TypeError('the theft was not detected');
    const asked: unknown[] = [];
    const listThefts = createListThefts({
      auditDirectory: {
        thefts: async (search) => {
          asked.push(search);
          return [place, place].slice(0, search.limit);
        },
      },
      replayTheft,
    });
    const { thefts, next } = await listThefts({ since: START, before: undefined, limit: 1 });
    expect([thefts.length, next]).toStrictEqual([1, place.position]);
    expect(asked).toStrictEqual([{ since: START, before: undefined, limit: 2 }]);
  });

  it('answers no number where the log does not know the affected events', async () => {
    const { auditDirectory, replayTheft, detect } = await setUp();
    await detect();
    const listThefts = createListThefts({
      auditDirectory,
      replayTheft: async (familyId) => ({
        ...(await replayTheft(familyId)),
        blastRadius: { known: false, events: [] },
      }),
    });
    expect((await listThefts(all)).thefts).toMatchObject([{ familyId: FAMILY, radius: null }]);
  });
});
