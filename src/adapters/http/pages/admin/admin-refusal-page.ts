import type { ErrorCode } from '../../problems/problem-details.ts';
import { layOutAdminPage, type Visit } from './parts/admin-layout.ts';
import { adminPaths } from './parts/admin-paths.ts';
import { html } from './parts/html.ts';

type Refusal = Readonly<{ title: string; text: string }>;

const REFUSALS: Readonly<Partial<Record<ErrorCode, Refusal>>> = {
  admin_required: {
    title: 'For administrators',
    text: 'This account is not, or no longer, an administrator’s. It was signed out.',
  },
  session_not_found: { title: 'Not found', text: 'There is no such session in the log.' },
  user_not_found: { title: 'Not found', text: 'There is no such user.' },
  validation_failed: { title: 'Not found', text: 'There can be nothing at this address.' },
  cursor_invalid: {
    title: 'Not found',
    text: 'This page of the list was for somebody else, or its address is not whole.',
  },
};

const UNAVAILABLE: Refusal = {
  title: 'Not available',
  text: 'The service could not answer. Try again in a moment.',
};

/** Why there is nothing to show. */
export const adminRefusalPage = (visit: Visit, code: ErrorCode): string => {
  const { title, text } = REFUSALS[code] ?? UNAVAILABLE;
  const way =
    visit.name === undefined
      ? html`<a href="${visit.base}${adminPaths.signIn}">Sign in</a>`
      : html`<a href="${visit.base}${adminPaths.audit}">To the audit</a>`;
  return layOutAdminPage(visit, {
    title,
    narrow: true,
    main: html`<p role="alert" class="notice alarm">${text}</p><p>${way}</p>`,
  });
};
