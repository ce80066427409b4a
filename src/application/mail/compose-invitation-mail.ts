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

/** Checks whether an event causes an invitation mail. */
export const isInvitationCause = (event: RecordedEvent['event']): event is InvitationCause => {
  // The registry guarantees the data of events with these names.
  const { type, data } = event as HouseholdEvent;
  return (type === 'MemberInvited' || type === 'InvitationResent') && data.mailed;
};

export type ComposeInvitationMail = ReturnType<typeof createComposeInvitationMail>;

/** Composes the mail of an invitation; undefined once the invitation is closed or expired. */
export const createComposeInvitationMail = ({
  accounts,
  addresses,
  codec,
  clock,
}: Dependencies) => {
  /** Returns the recipient's own locale if known, else the inviter's. */
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
