import type { ErrorCode } from '../problems/problem-details.ts';
import { type LinkKind, linkPaths } from './languages/link-paths.ts';
import type { PageLanguage } from './languages/page-language.ts';
import { layOutPage } from './page-layout.ts';
import { refusalFor } from './page-refusal.ts';

type Link = Readonly<{ kind: LinkKind; token: string | undefined }>;

/**
 * Renders the page of a link: a button, for a password reset with a field for the new password, and
 * the reason why the last attempt was refused. Without a valid token the page has no button.
 */
export const linkPage = (
  language: PageLanguage,
  { kind, token }: Link,
  code?: ErrorCode,
): string => {
  if (code === 'token_invalid') return layOutPage(language, language.spent);
  if (token === undefined) return layOutPage(language, language.incomplete);
  const { ask, button } = language.links[kind];
  const refusal = code === undefined ? undefined : refusalFor(code);
  const refused = refusal?.startsWith('password_') === true;
  return layOutPage(language, {
    ...ask,
    alert: refusal && language.refusals[refusal],
    forms: [
      {
        action: linkPaths[kind].slice(1),
        token,
        button,
        newPassword: kind === 'password_reset' ? { ...language.newPassword, refused } : undefined,
      },
    ],
  });
};

/** Renders the page that confirms what the link has done. */
export const linkUsedPage = (language: PageLanguage, kind: LinkKind): string =>
  layOutPage(language, language.links[kind].done);
