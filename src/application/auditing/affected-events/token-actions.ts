import { parseAccessTokenId } from '../../../domain/token-family/access-token-spans.ts';
import { ERASED, type RecordedEvent } from '../../kernel/event-store.ts';
import type { AnyEvent } from '../shown-event-data.ts';

/** An affected event, and how the thief caused it. */
export type TokenAction = Readonly<{
  recorded: RecordedEvent<AnyEvent>;
  /** The access token used. */
  jti: string | null;
  /** Without an access token: the event it followed from, by a link in a mail. */
  follows: string | null;
}>;

/** The access tokens of `familyId` from number `first` on. */
export type StolenTokens = Readonly<{ familyId: string; first: number }>;

/** What a thief has started so far in a stream that can continue without an access token. */
type Seeds = Readonly<{
  /** The latest requested change of address, if the thief requested it. */
  address: Readonly<{ eventId: string; email: string }> | undefined;
  /** The change of address since which mails are sent to the thief. */
  mailbox: string | undefined;
  /** The event by which a guest requested an account, if the thief requested it. */
  upgrade: string | undefined;
  /** The events that created the thief's invitations, by the id of the invitation. */
  invitations: Readonly<Record<string, string>>;
}>;

const causeOf = ({ type, data }: AnyEvent, seeds: Seeds): string | undefined => {
  const { address, mailbox, upgrade, invitations } = seeds;
  if (type === 'EmailChanged' && address?.email === data.email) {
    // Erased addresses are all alike; an undone change is recognised by `undoes`.
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

/** `stolen`: the id of the event, if it is an affected one. */
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

/**
 * Finds the events of one stream that were caused with stolen tokens, and those that followed from
 * them.
 */
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
