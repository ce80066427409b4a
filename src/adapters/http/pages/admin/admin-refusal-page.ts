import type { ErrorCode } from '../../problems/problem-details.ts';
import { layOutAdminPage, type Visit } from './parts/admin-layout.ts';
import { adminPaths } from './parts/admin-paths.ts';
import { html } from './parts/html.ts';

type Refusal = Readonly<{ title: string; text: string }>;

const REFUSALS: Readonly<Partial<Record<ErrorCode, Refusal>>> = {
  admin_required: {
    title: 'Administrators only',
    text: 'This account is not an administrator. You have been signed out.',
  },
  session_not_found: { title: 'Not found', text: 'There is no such session in the log.' },
  user_not_found: { title: 'Not found', text: 'There is no such user.' },
  validation_failed: { title: 'Not found', text: 'There is no page at this address.' },
  cursor_invalid: {
    title: 'Not found',
    text: 'This page of the list belongs to another user, or its address is incomplete.',
  },
};

const UNAVAILABLE: Refusal = {
  title: 'Service unavailable',
  text: 'The service could not show this page. Try again in a moment.',
};

/** Renders the reason why a page cannot be shown, with a link that leads on. */
export const adminRefusalPage = (visit: Visit, code: ErrorCode): string => {
  const { title, text } = REFUSALS[code] ?? UNAVAILABLE;
  const way =
    visit.name === undefined
      ? html`<a href="${visit.base}${adminPaths.signIn}">Sign in</a>`
      : html`<a href="${visit.base}${adminPaths.audit}">Back to the audit</a>`;
  return layOutAdminPage(visit, {
    title,
    narrow: true,
    main: html`<p role="alert" class="notice alarm">${text}</p><p>${way}</p>`,
  });
};
