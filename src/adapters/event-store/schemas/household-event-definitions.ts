import { type TSchema, Type } from 'typebox';
import type {
  HouseholdCreated,
  HouseholdDeleted,
  HouseholdRenamed,
  InvitationAccepted,
  InvitationDeclined,
  InvitationResent,
  InvitationRevoked,
  MemberAdded,
  MemberInvited,
  MemberRemoved,
  MemberRoleChanged,
  OwnershipTransferred,
} from '../../../domain/household/household-events.ts';
import { defineEvent } from '../event-registry.ts';
import { personalText } from '../personal-fields.ts';
import {
  Id,
  Instant,
  IssuedToken,
  NullableId,
  oneOf,
  Sha256,
  strictObject,
  Text,
} from './common-schemas.ts';

const GrantableRole = oneOf('admin', 'member', 'viewer');

const created = strictObject({ name: Text, ownerId: Id, home: Type.Boolean(), createdAt: Instant });
const renamed = strictObject({ name: Text, renamedBy: Id, renamedAt: Instant });
const named = { name: personalText };

/** A version from before households had data keys: their names are in plain text. */
const inPlainText = <Schema extends TSchema>(schema: Schema) => ({
  schema,
  personal: {},
  upcast: (data: Readonly<Record<string, unknown>>) => data,
});

/** The event types of `household-` streams. */
export const householdEventDefinitions = {
  HouseholdCreated: defineEvent<HouseholdCreated>()('household', created, named, [
    inPlainText(created),
  ]),
  HouseholdRenamed: defineEvent<HouseholdRenamed>()('household', renamed, named, [
    inPlainText(renamed),
  ]),
  MemberInvited: defineEvent<MemberInvited>()(
    'household',
    strictObject({
      invitationId: Id,
      addressHash: Sha256,
      role: GrantableRole,
      token: IssuedToken,
      mailed: Type.Boolean(),
      invitedBy: Id,
      invitedAt: Instant,
    }),
  ),
  InvitationResent: defineEvent<InvitationResent>()(
    'household',
    strictObject({
      invitationId: Id,
      token: IssuedToken,
      mailed: Type.Boolean(),
      resentBy: Id,
      resentAt: Instant,
    }),
  ),
  InvitationAccepted: defineEvent<InvitationAccepted>()(
    'household',
    strictObject({ invitationId: Id, userId: Id, acceptedAt: Instant }),
  ),
  InvitationDeclined: defineEvent<InvitationDeclined>()(
    'household',
    strictObject({ invitationId: Id, declinedAt: Instant }),
  ),
  InvitationRevoked: defineEvent<InvitationRevoked>()(
    'household',
    strictObject({
      invitationId: Id,
      reason: oneOf('revoked', 'inviter_lost_rank'),
      revokedAt: Instant,
    }),
  ),
  MemberAdded: defineEvent<MemberAdded>()(
    'household',
    strictObject({
      userId: Id,
      role: GrantableRole,
      home: Type.Boolean(),
      invitationId: NullableId,
      addedAt: Instant,
    }),
  ),
  MemberRoleChanged: defineEvent<MemberRoleChanged>()(
    'household',
    strictObject({
      userId: Id,
      role: GrantableRole,
      previous: GrantableRole,
      changedAt: Instant,
    }),
  ),
  MemberRemoved: defineEvent<MemberRemoved>()(
    'household',
    strictObject({
      userId: Id,
      reason: oneOf('left', 'removed', 'erased'),
      removedAt: Instant,
    }),
  ),
  OwnershipTransferred: defineEvent<OwnershipTransferred>()(
    'household',
    strictObject({ from: Id, to: Id, transferredAt: Instant }),
  ),
  HouseholdDeleted: defineEvent<HouseholdDeleted>()(
    'household',
    strictObject({ deletedBy: Id, deletedAt: Instant }),
  ),
};
