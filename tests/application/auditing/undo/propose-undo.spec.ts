import { describe, expect, it } from 'vitest';
import { ApplicationError } from '../../../../src/application/kernel/errors.ts';
import { byThief, createStolenSession, FAMILY } from '../../../support/auditing/stolen-session.ts';
import { ANN } from '../../../support/events/household-fixtures.ts';
import { START } from '../../../support/events/token-family-fixtures.ts';
import { FLAT } from '../../../support/households/household-services.ts';
import { contextFrom } from '../../../support/sessions/session-services.ts';

const rename = { type: 'RenameHousehold', data: { by: ANN, name: 'Stolen', now: START } } as const;
const call = (displayName: string) =>
  ({ type: 'ChangeDisplayName', data: { displayName, now: START } }) as const;

const setUp = async () => {
  const world = await createStolenSession();
  return {
    ...world,
    propose: async (fromGeneration?: number) => {
      const { proposal, plan } = await world.proposeUndo({ familyId: FAMILY, fromGeneration });
      const { events, ...rest } = proposal;
      return {
        ...rest,
        states: events.map(({ stream, type, state }) => [stream, type, state]),
        changes: plan.map(({ change: { field, target, current } }) => [field, target, current]),
      };
    },
  };
};

describe('proposing to undo what a thief did', () => {
  it('lists each change with the value that would be restored', async () => {
    const { toUser, toHousehold, detect, propose } = await setUp();
    await toUser(call('Mallory'));
    await toHousehold(rename);
    await detect();
    expect(await propose()).toStrictEqual({
      familyId: FAMILY,
      userId: ANN,
      known: true,
      states: [
        [`household-${FLAT}`, 'HouseholdRenamed', 'open'],
        [`user-${ANN}`, 'DisplayNameChanged', 'open'],
      ],
      changes: [
        ['display_name', 'ann', 'Mallory'],
        ['name', 'The Flat', 'Stolen'],
      ],
    });
  });

  it('reports a change that the user has replaced or repaired since', async () => {
    const { toUser, toHousehold, detect, propose } = await setUp();
    await toUser(call('Mallory'));
    await toHousehold(rename);
    await detect();
    await toUser(call('Annie'), contextFrom());
    await toHousehold(
      { type: 'RenameHousehold', data: { by: ANN, name: 'The Flat', now: START } },
      contextFrom(),
    );
    expect((await propose()).states).toStrictEqual([
      [`household-${FLAT}`, 'HouseholdRenamed', 'as_it_was'],
      [`user-${ANN}`, 'DisplayNameChanged', 'changed_since'],
    ]);
  });

  it('reports a change that only a person can repair', async () => {
    const { toHousehold, detect, propose } = await setUp();
    await toHousehold({ type: 'DeleteHousehold', data: { by: ANN, now: START } });
    await detect();
    expect((await propose()).states).toStrictEqual([
      [`household-${FLAT}`, 'HouseholdDeleted', 'not_undoable'],
    ]);
  });

  it('goes by the generation that the auditor names, with or without a detected theft', async () => {
    const { toUser, propose } = await setUp();
    await toUser(call('Annie'), byThief(0));
    await toUser(call('Mallory'));
    expect((await propose(1)).states).toHaveLength(1);
    expect((await propose(0)).states).toHaveLength(2);
    expect((await propose(2)).states).toStrictEqual([]);
  });
});

describe('proposing an undo that is refused', () => {
  it('is refused for a family that does not exist', async () => {
    const { proposeUndo } = await setUp();
    await expect(proposeUndo({ familyId: 'none', fromGeneration: 0 })).rejects.toStrictEqual(
      new ApplicationError('session_not_found'),
    );
  });

  it('is refused where no theft was detected and no generation is named', async () => {
    const { propose } = await setUp();
    await expect(propose()).rejects.toStrictEqual(new ApplicationError('theft_not_found'));
  });
});
