import type { InvitationView } from '../../../application/households/invitations/read-invitation.ts';
import type { ErrorCode } from '../problems/problem-details.ts';
import type { PageLanguage } from './languages/page-language.ts';
import { type Form, layOutPage } from './page-layout.ts';
import { refusalFor } from './page-refusal.ts';

/** The path of the invitation page, which the link in the mail opens and its forms post to. */
export const invitationPath = '/invitation';

type Attempt = Readonly<{ code: ErrorCode; displayName: string }>;

const acceptForm = (
  language: PageLanguage,
  { hasAccount }: InvitationView,
  token: string,
  attempt: Attempt | undefined,
): Form => {
  const { invitation, newPassword } = language;
  const action = invitationPath.slice(1);
  if (hasAccount) {
    return { action, token, decision: 'accept', button: invitation.accept, newPassword: undefined };
  }
  const { displayName: label, button } = invitation.signUp;
  return {
    action,
    token,
    decision: 'sign_up',
    button,
    displayName: {
      label,
      value: attempt?.displayName ?? '',
      refused: attempt?.code === 'display_name_invalid',
    },
    newPassword: { ...newPassword, refused: attempt?.code.startsWith('password_') === true },
  };
};

/** Renders an invitation with its forms, and the reason why the last attempt was refused, if any. */
export const invitationPage = (
  language: PageLanguage,
  view: InvitationView,
  token: string,
  attempt?: Attempt,
): string => {
  const { invitation, refusals } = language;
  const { householdName: household, invitedBy, role, hasAccount } = view;
  const notice = invitation.ask({
    inviter: invitedBy ?? invitation.unknownInviter,
    household,
    role: invitation.roles[role],
  });
  const decline: Form = {
    action: invitationPath.slice(1),
    token,
    decision: 'decline',
    button: invitation.decline,
    newPassword: undefined,
  };
  return layOutPage(language, {
    heading: notice.heading,
    paragraphs: [...notice.paragraphs, ...(hasAccount ? [] : [invitation.signUp.explanation])],
    alert: attempt && refusals[refusalFor(attempt.code)],
    forms: [acceptForm(language, view, token, attempt), decline],
  });
};
