import type { ErrorCode } from '../problems/problem-details.ts';
import { type LinkKind, linkPaths } from './languages/link-paths.ts';
import type { PageLanguage } from './languages/page-language.ts';
import { layOutPage } from './page-layout.ts';
import { refusalFor } from './page-refusal.ts';

type Link = Readonly<{ kind: LinkKind; token: string | undefined }>;

/**
 * What a link leads to: one button, or a field for a new password, and above it why the last attempt
 * was refused. Without a token there is nothing to press.
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

/** After it has done what it is for. */
export const linkUsedPage = (language: PageLanguage, kind: LinkKind): string =>
  layOutPage(language, language.links[kind].done);
