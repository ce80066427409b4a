import { describe, expect, it } from 'vitest';
import { householdDecider } from '../../../src/domain/household/household-decider.ts';
import { ANN, BEN, GRANTABLE, household } from '../../support/events/household-fixtures.ts';
import {
  accepted,
  hashesOf,
  hashOfToken,
  invitation,
  invite,
  invited,
  LIFETIME,
  resend,
  resent,
  voided,
} from '../../support/events/invitation-fixtures.ts';
import { at } from '../../support/events/token-family-fixtures.ts';
import { specificationFor } from '../../support/kernel/given-when-then.ts';

const given = specificationFor(householdDecider);

const past = household({ [BEN]: 'admin' });
const revoke = (number: number, by = ANN) =>
  ({
    type: 'RevokeInvitation',
    data: { by, invitationId: invitation(number), now: at(9) },
  }) as const;

describe('when somebody is invited', () => {
  it.each(GRANTABLE)('may be meant as %s, by the owner and by an admin alike', (role) => {
    for (const by of [ANN, BEN]) {
      given(...past)
        .when(invite(1, 5, { by, role }))
        .then(invited(1, 5, { by, role }));
    }
  });

  it('is known by the hash under the current key, and whether there was a mail', () => {
    given(...past)
      .when(invite(1, 5, { mailed: false }))
      .then(invited(1, 5, { mailed: false }));
    expect(given(...past, invited(1, 5)).state).toMatchObject({
      invitations: [
        {
          id: invitation(1),
          addressHash: 'new dan',
          role: 'member',
          invitedBy: ANN,
          tokenHash: hashOfToken(1),
          expiresAt: at(5 + LIFETIME),
          sendings: 1,
          sentAt: at(5),
        },
      ],
    });
  });

  it('is not invited again while that is open, by whomever and under whichever key', () => {
    given(...past, invited(1))
      .when(invite(2, LIFETIME - 1, { by: BEN, role: 'viewer' }))
      .thenRefused('already_invited');
    const [, old] = hashesOf('dan');
    const earlier = invited(1);
    given(...past, { ...earlier, data: { ...earlier.data, addressHash: old } })
      .when(invite(2, 1))
      .thenRefused('already_invited');
  });

  it('is invited again once that has expired, and the old one is forgotten', () => {
    given(...past, invited(1))
      .when(invite(2, LIFETIME))
      .then(invited(2, LIFETIME));
    expect(given(...past, invited(1), invited(2, LIFETIME)).state).toMatchObject({
      invitations: [{ id: invitation(2) }],
    });
  });

  it.each([
    ['accepted', [accepted(1, 3)]],
    ['revoked', [voided(1, 3)]],
    [
      'declined',
      [
        {
          type: 'InvitationDeclined',
          data: { invitationId: invitation(1), declinedAt: at(3) },
        } as const,
      ],
    ],
  ])('is invited again once that was %s', (_, end) =>
    given(...past, invited(1), ...end)
      .when(invite(2, 5))
      .then(invited(2, 5)),
  );
});

describe('when as many as may be are invited', () => {
  const three = [1, 2, 3].map((number) => invited(number, number, { person: `guest ${number}` }));

  it('takes no other', () =>
    given(...past, ...three)
      .when(invite(4, 9))
      .thenRefused('too_many_invitations'));

  it('says of one that is invited that it is', () =>
    given(...past, ...three)
      .when(invite(4, 9, { person: 'guest 2' }))
      .thenRefused('already_invited'));

  it('takes one for each that ends', () => {
    given(...past, ...three, voided(2, 4))
      .when(invite(4, 9))
      .then(invited(4, 9));
    given(...past, ...three)
      .when(invite(4, 1 + LIFETIME))
      .then(invited(4, 1 + LIFETIME));
  });
});

describe('when an invitation is sent again', () => {
  it('has another token, which lives anew; the one before is void', () => {
    given(...past, invited(1))
      .when(resend(1, 2, 60, { by: BEN }))
      .then(resent(1, 2, 60, { by: BEN }));
    expect(given(...past, invited(1), resent(1, 2, 60)).state).toMatchObject({
      invitations: [
        {
          id: invitation(1),
          invitedBy: ANN,
          tokenHash: hashOfToken(2),
          expiresAt: at(60 + LIFETIME),
          sendings: 2,
          sentAt: at(60),
        },
      ],
    });
  });

  it('has to wait for a minute after each mail', () => {
    given(...past, invited(1))
      .when(resend(1, 2, 59.999))
      .thenRefused('too_many_invitations');
    given(...past, invited(1), resent(1, 2, 60))
      .when(resend(1, 3, 119))
      .thenRefused('too_many_invitations');
  });

  it('goes out five times, the first one included', () => {
    const four = [2, 3, 4].map((token) => resent(1, token, 60 * token));
    given(...past, invited(1), ...four)
      .when(resend(1, 5, 9_000))
      .then(resent(1, 5, 9_000));
    given(...past, invited(1), ...four, resent(1, 5, 9_000))
      .when(resend(1, 6, 90_000))
      .thenRefused('too_many_invitations');
  });

  it('counts each invitation by itself', () =>
    given(...past, invited(1), invited(2, 1, { person: 'eve' }), resent(1, 3, 60))
      .when(resend(2, 4, 61))
      .then(resent(2, 4, 61)));

  it('lives again when it had expired', () =>
    given(...past, invited(1))
      .when(resend(1, 2, LIFETIME + 9))
      .then(resent(1, 2, LIFETIME + 9)));

  it('is not found once it has ended, or never was', () => {
    given(...past, invited(1), voided(1, 5))
      .when(resend(1, 2, 60))
      .thenRefused('invitation_not_found');
    given(...past)
      .when(resend(1, 2, 60))
      .thenRefused('invitation_not_found');
  });
});

describe('when an invitation is revoked', () => {
  it.each([ANN, BEN])('ends, by %s', (by) =>
    given(...past, invited(1))
      .when(revoke(1, by))
      .then(voided(1, 9)),
  );

  it('is not found once it has ended, or never was', () => {
    given(...past, invited(1), voided(1, 5))
      .when(revoke(1))
      .thenRefused('invitation_not_found');
    given(...past, invited(1))
      .when(revoke(2))
      .thenRefused('invitation_not_found');
  });
});
