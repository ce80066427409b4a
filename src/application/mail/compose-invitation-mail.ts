import type {
  HouseholdEvent,
  InvitationResent,
  MemberInvited,
} from '../../domain/household/household-events.ts';
import { DEFAULT_LOCALE } from '../accounts/create-account.ts';
import type { InvitationAddresses } from '../households/invitation-directory.ts';
import type { AccountDirectory } from '../identity/account-directory.ts';
import type { OneTimeTokenCodec } from '../identity/one-time-token-codec.ts';
import type { Clock } from '../kernel/clock.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import type { Mail } from './mailer.ts';

type Dependencies = Readonly<{
  accounts: AccountDirectory;
  addresses: InvitationAddresses;
  codec: OneTimeTokenCodec;
  clock: Clock;
}>;

type InvitationCause = MemberInvited | InvitationResent;

/** Tells whether `event` causes a mail about an invitation. */
export const isInvitationCause = (event: RecordedEvent['event']): event is InvitationCause => {
  // The registry vouches that events of these names are these.
  const { type, data } = event as HouseholdEvent;
  return (type === 'MemberInvited' || type === 'InvitationResent') && data.mailed;
};

export type ComposeInvitationMail = ReturnType<typeof createComposeInvitationMail>;

/**
 * Composes the mail to an invited address; undefined once the invitation or its token is no longer
 * valid.
 */
export const createComposeInvitationMail = ({
  accounts,
  addresses,
  codec,
  clock,
}: Dependencies) => {
  /** Uses the reader's own language where it is known, else the sender's. */
  const localeFor = async (email: string, inviterId: string): Promise<string> => {
    const reader = await accounts.findAddressHolder(email);
    if (reader !== undefined) return reader.locale;
    return (await accounts.findById(inviterId))?.profile.locale ?? DEFAULT_LOCALE;
  };

  return async ({ eventId: id, event }: RecordedEvent): Promise<Mail | undefined> => {
    if (!isInvitationCause(event)) return undefined;
    const { type, data } = event;
    const { expiresAt } = data.token;
    const to = await addresses.find(data.invitationId);
    const token = clock.now() < expiresAt ? codec.derive(data.token) : undefined;
    if (to === undefined || token === undefined) return undefined;
    const inviterId = type === 'MemberInvited' ? data.invitedBy : data.resentBy;
    const locale = await localeFor(to, inviterId);
    return { id, to, locale, content: { kind: 'household_invitation', token, expiresAt } };
  };
};
