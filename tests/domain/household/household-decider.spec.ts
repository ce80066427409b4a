import { describe, expect, it } from 'vitest';
import type { HouseholdCommand } from '../../../src/domain/household/household-commands.ts';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import type { HouseholdEvent } from '../../../src/domain/household/household-events.ts';
import { ANN, added, BEN, created, household } from '../../support/events/household-fixtures.ts';
import { accept, invitation, invited, wishes } from '../../support/events/invitation-fixtures.ts';
import { at, START } from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(householdDecider);

const create = (home: boolean): HouseholdCommand => ({
  type: 'CreateHousehold',
  data: { name: 'Ann and Ben', ownerId: ANN, home, now: START },
});
const takeOver: HouseholdCommand = {
  type: 'AddMember',
  data: { userId: BEN, role: 'viewer', home: true, now: at(9) },
};
const decline = (tokenHash: string): HouseholdCommand => ({
  type: 'DeclineInvitation',
  data: { tokenHash, now: at(9) },
});
const everything: readonly (readonly [string, HouseholdCommand])[] = [
  ...Object.entries(wishes(ANN)),
  ['accept', accept(1, 9)],
  ['decline', decline('any')],
  ['import', takeOver],
];
const deleted: HouseholdEvent = {
  type: 'HouseholdDeleted',
  data: { deletedBy: ANN, deletedAt: at(5) },
};

describe('a household that does not exist', () => {
  it.each([true, false])('is created (home: %s)', (home) =>
    given().when(create(home)).then(created(home)),
  );

  it.each(everything)('refuses to %s: household_not_found', (_, command) =>
    given().when(command).thenRefused('household_not_found'),
  );
});

describe('an existing household', () => {
  it.each([true, false])('has its owner as its only member (home: %s)', (home) =>
    expect(given(created(home)).state).toStrictEqual({
      status: 'existing',
      name: 'Ann and Ben',
      home,
      members: [{ userId: ANN, role: 'owner', home }],
      invitations: [],
    }),
  );

  it('is not created again', () =>
    given(created()).when(create(false)).thenRefused('household_exists'));

  it('adds an imported member once and keeps the role after that', () => {
    const { userId, role, now: addedAt } = takeOver.data;
    given(created())
      .when(takeOver)
      .then({
        type: 'MemberAdded',
        data: { userId, role, home: true, invitationId: null, addedAt },
      });
    given(created(), added(BEN, 'admin')).when(takeOver).thenNothingHappened();
  });

  it('is renamed once to the same name', () => {
    const rename = (name: string): HouseholdCommand => ({
      type: 'RenameHousehold',
      data: { by: ANN, name, now: at(9) },
    });
    const renamed: HouseholdEvent = {
      type: 'HouseholdRenamed',
      data: { name: 'Anew', renamedBy: ANN, renamedAt: at(9) },
    };
    given(created()).when(rename('Anew')).then(renamed);
    given(created()).when(rename('Ann and Ben')).thenNothingHappened();
    given(created(), renamed).when(rename('Anew')).thenNothingHappened();
    expect(given(created(), renamed).state).toMatchObject({ name: 'Anew' });
  });
});

describe('a deleted household', () => {
  const past = [...household({ [BEN]: 'admin' }), invited(1), deleted];

  it('has no state but its status', () =>
    expect(given(...past).state).toStrictEqual({ status: 'deleted' }));

  it.each(everything)('refuses to %s: household_not_found', (_, command) =>
    given(...past)
      .when(command)
      .thenRefused('household_not_found'),
  );

  it('is not created again', () =>
    given(...past)
      .when(create(false))
      .thenRefused('household_exists'));

  it('remains deleted whatever event follows', () =>
    expect(given(...past, added(BEN, 'admin'), invited(2)).state).toStrictEqual({
      status: 'deleted',
    }));

  it('had its invitation until the deletion', () =>
    expect(given(...past.slice(0, -1)).state).toMatchObject({
      invitations: [{ id: invitation(1) }],
    }));
});
