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

describe('an invitation', () => {
  it.each(GRANTABLE)('may grant %s, from the owner and from an admin', (role) => {
    for (const by of [ANN, BEN]) {
      given(...past)
        .when(invite(1, 5, { by, role }))
        .then(invited(1, 5, { by, role }));
    }
  });

  it('stores the address hash under the current key and whether it was mailed', () => {
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

  it('prevents another one to the same address while it is open, by any inviter and under any key', () => {
    given(...past, invited(1))
      .when(invite(2, LIFETIME - 1, { by: BEN, role: 'viewer' }))
      .thenRefused('already_invited');
    const [, old] = hashesOf('dan');
    const earlier = invited(1);
    given(...past, { ...earlier, data: { ...earlier.data, addressHash: old } })
      .when(invite(2, 1))
      .thenRefused('already_invited');
  });

  it('is replaced by another one to the same address after its expiry', () => {
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
  ])('permits another one to the same address after it was %s', (_, end) =>
    given(...past, invited(1), ...end)
      .when(invite(2, 5))
      .then(invited(2, 5)),
  );
});

describe('a household at its limit of open invitations', () => {
  const three = [1, 2, 3].map((number) => invited(number, number, { person: `guest ${number}` }));

  it('refuses another invitation', () =>
    given(...past, ...three)
      .when(invite(4, 9))
      .thenRefused('too_many_invitations'));

  it('reports that an address is invited already', () =>
    given(...past, ...three)
      .when(invite(4, 9, { person: 'guest 2' }))
      .thenRefused('already_invited'));

  it('accepts another invitation for each that is closed or expires', () => {
    given(...past, ...three, voided(2, 4))
      .when(invite(4, 9))
      .then(invited(4, 9));
    given(...past, ...three)
      .when(invite(4, 1 + LIFETIME))
      .then(invited(4, 1 + LIFETIME));
  });
});

describe('an invitation that is sent again', () => {
  it('has a new token with a full lifetime, and its previous token is refused', () => {
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

  it('is refused within a minute of its last mail', () => {
    given(...past, invited(1))
      .when(resend(1, 2, 59.999))
      .thenRefused('too_many_invitations');
    given(...past, invited(1), resent(1, 2, 60))
      .when(resend(1, 3, 119))
      .thenRefused('too_many_invitations');
  });

  it('is mailed at most five times, the first mail included', () => {
    const four = [2, 3, 4].map((token) => resent(1, token, 60 * token));
    given(...past, invited(1), ...four)
      .when(resend(1, 5, 9_000))
      .then(resent(1, 5, 9_000));
    given(...past, invited(1), ...four, resent(1, 5, 9_000))
      .when(resend(1, 6, 90_000))
      .thenRefused('too_many_invitations');
  });

  it('does not count the mails of another invitation', () =>
    given(...past, invited(1), invited(2, 1, { person: 'eve' }), resent(1, 3, 60))
      .when(resend(2, 4, 61))
      .then(resent(2, 4, 61)));

  it('is open again after it had expired', () =>
    given(...past, invited(1))
      .when(resend(1, 2, LIFETIME + 9))
      .then(resent(1, 2, LIFETIME + 9)));

  it('is not found when it is closed or never existed', () => {
    given(...past, invited(1), voided(1, 5))
      .when(resend(1, 2, 60))
      .thenRefused('invitation_not_found');
    given(...past)
      .when(resend(1, 2, 60))
      .thenRefused('invitation_not_found');
  });
});

describe('an invitation that is revoked', () => {
  it.each([ANN, BEN])('is closed by %s', (by) =>
    given(...past, invited(1))
      .when(revoke(1, by))
      .then(voided(1, 9)),
  );

  it('is not found when it is closed or never existed', () => {
    given(...past, invited(1), voided(1, 5))
      .when(revoke(1))
      .thenRefused('invitation_not_found');
    given(...past, invited(1))
      .when(revoke(2))
      .thenRefused('invitation_not_found');
  });
});
