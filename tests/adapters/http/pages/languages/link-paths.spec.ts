import { describe, expect, it } from 'vitest';
import { invitationPath } from '../../../../../src/adapters/http/pages/invitation-page.ts';
import { linkPaths } from '../../../../../src/adapters/http/pages/languages/link-paths.ts';
import type { LinkedContent } from '../../../../../src/adapters/mail/languages/mail-language.ts';
import { mailLink } from '../../../../../src/adapters/mail/mail-links.ts';

/** Each kind of mail with a link, and the page that the link opens. */
const PAGE_BY_MAIL: Readonly<Record<LinkedContent['kind'], string>> = {
  email_verification: linkPaths.email_verification,
  guest_upgrade: linkPaths.email_verification,
  password_reset: linkPaths.password_reset,
  email_change: linkPaths.email_change,
  email_changed: linkPaths.email_change_undo,
  household_invitation: invitationPath,
};

describe('the link pages', () => {
  it('have the paths of the links in mails', () => {
    const expiresAt = '2026-03-07T14:05:00.000Z';
    const linked = Object.keys(PAGE_BY_MAIL).map((kind) => {
      const content = { kind: kind as LinkedContent['kind'], token: 'a', expiresAt };
      return new URL(mailLink('https://auth.example.test', content)).pathname;
    });

    expect(linked).toStrictEqual(Object.values(PAGE_BY_MAIL));
    expect(new Set(linked)).toStrictEqual(new Set([...Object.values(linkPaths), invitationPath]));
  });
});
