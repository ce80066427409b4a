import { describe, expect, it } from 'vitest';
import { byThief, createStolenSession, FAMILY } from '../../../support/auditing/stolen-session.ts';
import { ANN } from '../../../support/events/household-fixtures.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { FLAT } from '../../../support/households/household-services.ts';

const rename = (name: string) =>
  ({ type: 'RenameHousehold', data: { by: ANN, name, now: START } }) as const;
const call = (displayName: string) =>
  ({ type: 'ChangeDisplayName', data: { displayName, now: START } }) as const;

const setUp = async () => {
  const world = await createStolenSession();
  return {
    ...world,
    /** Streams, and the types of the events in them that are affected. */
    find: async (first = 1, familyId = FAMILY) =>
      (await world.findBlastRadius({ familyId, first })).map(({ stream, actions }) => [
        stream.id,
        actions.map(({ recorded, jti }) => [recorded.event.type, jti]),
      ]),
  };
};

describe('finding what was done with stolen access tokens', () => {
  it('finds the affected events of every stream', async () => {
    const { toUser, toHousehold, find } = await setUp();
    await toUser(call('Mallory'));
    await toHousehold(rename('Stolen'));
    expect(await find()).toStrictEqual([
      [ANN, [['DisplayNameChanged', `${FAMILY}.1`]]],
      [FLAT, [['HouseholdRenamed', `${FAMILY}.1`]]],
    ]);
  });

  it('answers each touched stream with all of its events', async () => {
    const { toHousehold, findBlastRadius, eventsOfHousehold } = await setUp();
    await toHousehold(rename('Stolen'));
    const [touched] = await findBlastRadius({ familyId: FAMILY, first: 1 });
    expect(touched?.stream).toStrictEqual({ category: 'household', id: FLAT });
    expect(touched?.events.map(({ event }) => event)).toStrictEqual(await eventsOfHousehold());
  });

  it('leaves out a stream that was touched with earlier access tokens only', async () => {
    const { toUser, toHousehold, find } = await setUp();
    await toUser(call('Annie'), byThief(0));
    await toHousehold(rename('Stolen'));
    expect(await find()).toStrictEqual([[FLAT, [['HouseholdRenamed', `${FAMILY}.1`]]]]);
    expect(await find(0)).toHaveLength(2);
  });

  it('finds nothing for a family whose access tokens were not used', async () => {
    const { toUser, find } = await setUp();
    await toUser(call('Mallory'));
    expect(await find(0, '01980a5c-9999-7222-8333-444444444444')).toStrictEqual([]);
  });
});
