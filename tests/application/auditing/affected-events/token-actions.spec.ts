import { describe, expect, it } from 'vitest';
import { tokenActionsIn } from '../../../../src/application/auditing/affected-events/token-actions.ts';
import type { AnyEvent } from '../../../../src/application/auditing/shown-event-data.ts';
import { describeAffectedEvents } from '../../../../src/application/auditing/undo-plan/describe-affected-events.ts';
import { planFor } from '../../../../src/application/auditing/undo-plan/undo-plan.ts';
import {
  ERASED,
  type Position,
  type RecordedEvent,
  type StreamId,
} from '../../../../src/application/kernel/event-store.ts';
import {
  ANN,
  ANNA,
  changed,
  changeRequested,
  passwordChanged,
  resetRequested,
  undone,
  usernameChanged,
  verified,
} from '../../../support/events/account-fixtures.ts';
import {
  flatCreated,
  flatStream,
  invitationAccepted,
  memberAdded,
  memberInvited,
  memberRoleChanged,
  ownershipTransferred,
  renamed,
} from '../../../support/events/household-event-fixtures.ts';
import {
  displayNameChanged,
  familyStream,
  userStream,
} from '../../../support/events/projected-event-fixtures.ts';
import { at } from '../../../support/events/token-family-fixtures.ts';
import { registered } from '../../../support/events/user-fixtures.ts';

/** An event, and the number of the access token of the stolen family that caused it. */
type Happened = AnyEvent | readonly [AnyEvent, number];

const record = (
  stream: StreamId,
  ...happened: readonly Happened[]
): readonly RecordedEvent<AnyEvent>[] =>
  happened.map((each, index) => {
    const [event, ordinal] = 'type' in each ? [each, undefined] : each;
    return {
      eventId: `event-${index}`,
      stream,
      revision: BigInt(index),
      position: String(index) as Position,
      event,
      metadata: {
        occurredAt: at(index),
        correlationId: 'request',
        causationId: 'request',
        actor: 'user_ann',
        ...(ordinal !== undefined && { jti: `${familyStream.id}.${ordinal}` }),
        chain: '',
      },
    };
  });

const tokens = { familyId: familyStream.id, first: 2 };
const actionsOf = (...happened: Parameters<typeof record>) =>
  tokenActionsIn(record(...happened), tokens).map(({ recorded, follows }) => [
    recorded.eventId,
    follows,
  ]);
const touched = (stream: StreamId, ...happened: readonly Happened[]) => {
  const events = record(stream, ...happened);
  return { stream, events, actions: tokenActionsIn(events, tokens) };
};
const planOf = (...happened: Parameters<typeof touched>) =>
  planFor(touched(...happened)).map(({ change, state }) => [change.field, change.target, state]);

describe('the events affected by a theft', () => {
  it('are those caused with an access token minted after the split', () =>
    expect(
      actionsOf(userStream, registered, [displayNameChanged, 1], [displayNameChanged, 2]),
    ).toStrictEqual([['event-2', null]]));

  it('include the verification of the address that the thief set, and resets by mail to it', () =>
    expect(
      actionsOf(
        userStream,
        registered,
        [changeRequested(1, 10), 2],
        changed(0, 2, 20),
        resetRequested(3, 30, ANNA),
        passwordChanged('reset', 40),
      ),
    ).toStrictEqual([
      ['event-1', null],
      ['event-2', 'event-1'],
      ['event-3', 'event-2'],
      ['event-4', 'event-2'],
    ]));

  it('end when the change of address is undone', () =>
    expect(
      actionsOf(
        userStream,
        registered,
        [changeRequested(1, 10), 2],
        changed(0, 2, 20),
        undone(0, 30),
        passwordChanged('reset', 30, null),
        resetRequested(3, 30),
      ),
    ).toStrictEqual([
      ['event-1', null],
      ['event-2', 'event-1'],
    ]));

  it('exclude a later change of address that the owner requested', () =>
    expect(
      actionsOf(
        userStream,
        registered,
        [changeRequested(1, 10), 2],
        changeRequested(2, 20),
        changed(0, 3, 30),
      ),
    ).toStrictEqual([['event-1', null]]));

  it('include the acceptance of an invitation that the thief sent', () =>
    expect(
      actionsOf(flatStream, flatCreated, [memberInvited, 2], invitationAccepted, memberAdded),
    ).toStrictEqual([
      ['event-1', null],
      ['event-2', 'event-1'],
      ['event-3', 'event-1'],
    ]));
});

describe('the value that an undo restores', () => {
  const stolenAddress = [registered, verified(0), [changeRequested(1, 10), 2]] as const;

  it('is the one before the first affected event, not one between two of them', () =>
    expect(
      planOf(
        userStream,
        ...stolenAddress,
        changed(0, 2, 20),
        [changeRequested(3, 30, 'third@example.com'), 3],
        changed(1, 4, 40, [ANNA, 'third@example.com']),
      ),
    ).toStrictEqual([
      ['pending_email', null, 'as_it_was'],
      ['email', ANN, 'open'],
    ]));

  it('is missing if another user has changed the field since', () =>
    expect(
      planOf(
        userStream,
        registered,
        [usernameChanged('anna', 10, 'ann'), 2],
        usernameChanged('ann2', 20, 'anna'),
      ),
    ).toStrictEqual([['username', 'ann', 'changed_since']]));

  it('counts as restored once an undo has set it', () =>
    expect(
      planOf(flatStream, flatCreated, [renamed, 2], {
        ...renamed,
        data: { ...renamed.data, name: 'Flat' },
      }),
    ).toStrictEqual([['name', 'Flat', 'as_it_was']]));

  it('is never an unverified address, nor an erased one', () => {
    expect(
      planOf(userStream, registered, [changeRequested(1, 10), 2], changed(0, 2, 20)),
    ).toStrictEqual([
      ['pending_email', null, 'as_it_was'],
      ['email', ANN, 'not_undoable'],
    ]);
    const gone = { ...registered, data: { ...registered.data, displayName: ERASED } };
    expect(planOf(userStream, gone, [displayNameChanged, 2])).toStrictEqual([
      ['display_name', ERASED, 'not_undoable'],
    ]);
  });

  it('is the role of both users after a transfer of the ownership', () =>
    expect(
      planOf(
        flatStream,
        flatCreated,
        memberAdded,
        [memberRoleChanged, 2],
        [ownershipTransferred, 3],
      ),
    ).toStrictEqual([
      ['member user_ben', 'member', 'open'],
      ['member user_ann', 'owner', 'open'],
    ]));
});

describe('an affected event', () => {
  it('is described by ids alone, with the effect of its undo', () =>
    expect(
      describeAffectedEvents([
        touched(userStream, registered, verified(0), [passwordChanged('change', 9), 2]),
      ]),
    ).toStrictEqual([
      {
        eventId: 'event-2',
        stream: 'user-user_ann',
        revision: '2',
        type: 'PasswordChanged',
        at: at(2),
        jti: `${familyStream.id}.2`,
        follows: null,
        what: 'The password of user_ann was changed.',
        undo: 'The password is removed, every session ends, and a link to reset it is sent to the address of the account.',
        byHand: null,
      },
    ]));
});
