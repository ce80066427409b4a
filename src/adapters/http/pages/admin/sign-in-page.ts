import type { ErrorCode } from '../../problems/problem-details.ts';
import { layOutAdminPage } from './parts/admin-layout.ts';
import { adminPaths } from './parts/admin-paths.ts';
import { html, nothing } from './parts/html.ts';

/** The reason why the sign-in form is shown with a notice. */
export type SignInNotice = ErrorCode | 'signed_out' | 'other_site';

type Form = Readonly<{
  base: string;
  next: string;
  identifier?: string;
  notice?: SignInNotice;
  /** The request came from another site, hence the browser did not send the session cookie. */
  fromElsewhere?: boolean;
}>;

const NOTICES: Readonly<Partial<Record<SignInNotice, string>>> = {
  signed_out: 'You have signed out.',
  other_site: 'Another site sent this request, so it was not carried out.',
  invalid_credentials: 'The e-mail address or username and the password do not match.',
  admin_required: 'This account is not an administrator. You have been signed out.',
  rate_limited: 'Too many attempts. Wait a minute and try again.',
  server_busy: 'The service is busy. Try again in a moment.',
  service_unavailable: 'The service is temporarily unavailable. Try again in a moment.',
};

const noticeOf = (notice: SignInNotice | undefined) => {
  if (notice === undefined) return nothing;
  const text = NOTICES[notice] ?? 'That did not work. Try again.';
  return notice === 'signed_out'
    ? html`<p role="status" class="notice">${text}</p>`
    : html`<p role="alert" id="refusal" class="notice alarm">${text}</p>`;
};

/** Renders the sign-in form of administrators, and the reason why the last attempt was refused. */
export const signInPage = ({
  base,
  next,
  identifier = '',
  notice,
  fromElsewhere = false,
}: Form): string => {
  const invalid =
    notice === 'invalid_credentials'
      ? html` aria-invalid="true" aria-describedby="refusal"`
      : nothing;
  return layOutAdminPage(
    { base, name: undefined },
    {
      title: 'Sign in',
      narrow: true,
      main: html`${noticeOf(notice)}
<p>These pages are for administrators. They show accounts and change nothing.</p>
<form method="post" action="${base}${adminPaths.signIn}" class="card">
<input type="hidden" name="next" value="${next}">
<label for="identifier">E-mail address or username</label>
<input id="identifier" name="identifier" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${identifier}"${invalid}>
<label for="password">Password</label>
<input type="password" id="password" name="password" autocomplete="current-password" required${invalid}>
<button>Sign in</button>
</form>
${fromElsewhere ? html`<p>Already signed in? <a href="${base}${next}">Continue</a></p>` : nothing}`,
    },
  );
};
