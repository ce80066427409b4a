import type { ErrorCode } from '../../problems/problem-details.ts';
import { layOutAdminPage } from './parts/admin-layout.ts';
import { adminPaths } from './parts/admin-paths.ts';
import { html, nothing } from './parts/html.ts';

/** Why the form is there, other than for the first time. */
export type SignInNotice = ErrorCode | 'signed_out' | 'other_site';

type Form = Readonly<{
  base: string;
  next: string;
  identifier?: string;
  notice?: SignInNotice;
  /** Another site led here: what signed in before, the browser kept to itself. */
  fromElsewhere?: boolean;
}>;

const NOTICES: Readonly<Partial<Record<SignInNotice, string>>> = {
  signed_out: 'You are signed out.',
  other_site: 'This was sent by a page of another site, and was not done.',
  invalid_credentials: 'Identifier and password do not match.',
  admin_required: 'This account is not an administrator’s. It was signed out again.',
  rate_limited: 'Too many attempts. Wait a minute and try again.',
  server_busy: 'The service is busy. Try again in a moment.',
  service_unavailable: 'The service is not available for the moment. Try again.',
};

const noticeOf = (notice: SignInNotice | undefined) => {
  if (notice === undefined) return nothing;
  const text = NOTICES[notice] ?? 'That did not work. Try again.';
  return notice === 'signed_out'
    ? html`<p role="status" class="notice">${text}</p>`
    : html`<p role="alert" id="refusal" class="notice alarm">${text}</p>`;
};

/** The form that administrators sign in by; above it why the last attempt was refused. */
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
<p>For administrators. Nothing on these pages changes an account.</p>
<form method="post" action="${base}${adminPaths.signIn}" class="card">
<input type="hidden" name="next" value="${next}">
<label for="identifier">E-mail address or username</label>
<input id="identifier" name="identifier" autocomplete="username" autocapitalize="none" spellcheck="false" required value="${identifier}"${invalid}>
<label for="password">Password</label>
<input type="password" id="password" name="password" autocomplete="current-password" required${invalid}>
<button>Sign in</button>
</form>
${fromElsewhere ? html`<p>Signed in already? <a href="${base}${next}">Go on</a></p>` : nothing}`,
    },
  );
};
