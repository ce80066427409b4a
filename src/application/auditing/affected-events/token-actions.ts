import { parseAccessTokenId } from '../../../domain/token-family/access-token-spans.ts';
import { ERASED, type RecordedEvent } from '../../kernel/event-store.ts';
import type { AnyEvent } from '../shown-event-data.ts';

/** An event of the radius, and how it came to be in it. */
export type TokenAction = Readonly<{
  recorded: RecordedEvent<AnyEvent>;
  /** The access token it was done with. */
  jti: string | null;
  /** The event it followed from, by a link in a mail, where there was no access token. */
  follows: string | null;
}>;

/** Access tokens of `familyId`, from number `first` on. */
export type StolenTokens = Readonly<{ familyId: string; first: number }>;

/** What a thief set off that may go on without an access token, as one walks along a stream. */
type Seeds = Readonly<{
  /** The change of address asked for last, if the thief did. */
  address: Readonly<{ eventId: string; email: string }> | undefined;
  /** The change since when mails go where the thief wanted. */
  mailbox: string | undefined;
  /** The event by which a guest asked for credentials, if the thief did. */
  upgrade: string | undefined;
  /** The events that made the thief's invitations, by the id of the invitation. */
  invitations: Readonly<Record<string, string>>;
}>;

const causeOf = ({ type, data }: AnyEvent, seeds: Seeds): string | undefined => {
  const { address, mailbox, upgrade, invitations } = seeds;
  if (type === 'EmailChanged' && address?.email === data.email) {
    // Erased addresses are all alike: what took a change back says so.
    return data.email === ERASED && data.undoes !== null ? undefined : address.eventId;
  }
  if (type === 'PasswordResetRequested') return mailbox;
  if (type === 'PasswordChanged' && data.reason === 'reset' && data.passwordHash !== null) {
    return mailbox;
  }
  if (type === 'GuestUpgraded') return upgrade;
  const byInvitation = type === 'InvitationAccepted' || type === 'MemberAdded';
  return byInvitation ? invitations[data.invitationId ?? ''] : undefined;
};

/** `stolen`: the id of the event, if it is of the radius. */
const sow = (seeds: Seeds, { type, data }: AnyEvent, stolen: string | undefined): Seeds => {
  if (type === 'EmailChangeRequested') {
    const address = stolen === undefined ? undefined : { eventId: stolen, email: data.email };
    return { ...seeds, address };
  }
  if (type === 'EmailChanged') return { ...seeds, address: undefined, mailbox: stolen };
  if (type === 'PasswordChanged') return { ...seeds, address: undefined };
  if (type === 'GuestUpgradeRequested') return { ...seeds, upgrade: stolen };
  if (type !== 'MemberInvited' || stolen === undefined) return seeds;
  return { ...seeds, invitations: { ...seeds.invitations, [data.invitationId]: stolen } };
};

const stolenTokenOf = (
  { metadata: { jti } }: RecordedEvent,
  { familyId, first }: StolenTokens,
): string | null => {
  const parsed = jti === undefined ? undefined : parseAccessTokenId(jti);
  const stolen = parsed?.familyId === familyId && parsed.ordinal >= first;
  return stolen ? (jti ?? null) : null;
};

/** The events of one stream that were done with stolen tokens, and those that followed from them. */
export const tokenActionsIn = (
  events: readonly RecordedEvent<AnyEvent>[],
  tokens: StolenTokens,
): readonly TokenAction[] => {
  let seeds: Seeds = {
    address: undefined,
    mailbox: undefined,
    upgrade: undefined,
    invitations: {},
  };
  return events.flatMap((recorded): TokenAction[] => {
    const jti = stolenTokenOf(recorded, tokens);
    const follows = jti === null ? (causeOf(recorded.event, seeds) ?? null) : null;
    const isAction = jti !== null || follows !== null;
    seeds = sow(seeds, recorded.event, isAction ? recorded.eventId : undefined);
    return isAction ? [{ recorded, jti, follows }] : [];
  });
};
