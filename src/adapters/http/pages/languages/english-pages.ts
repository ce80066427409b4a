import type { PageLanguage } from './page-language.ts';

export const englishPages: PageLanguage = {
  tag: 'en',
  links: {
    email_verification: {
      ask: {
        heading: 'Confirm your e-mail address',
        paragraphs: ['Press the button to confirm that this e-mail address is yours.'],
      },
      button: 'Confirm e-mail address',
      done: {
        heading: 'Your e-mail address is confirmed',
        paragraphs: ['You can close this page and sign in.'],
      },
    },
    password_reset: {
      ask: {
        heading: 'Choose a new password',
        paragraphs: ['You will be signed out on all devices. Then sign in with the new password.'],
      },
      button: 'Change password',
      done: {
        heading: 'Your password is changed',
        paragraphs: ['You can close this page and sign in with the new password.'],
      },
    },
    email_change: {
      ask: {
        heading: 'Confirm your new e-mail address',
        paragraphs: ['Press the button to replace your old e-mail address with this one.'],
      },
      button: 'Use this e-mail address',
      done: {
        heading: 'Your e-mail address is changed',
        paragraphs: ['Your account now has the new address. You can close this page.'],
      },
    },
    email_change_undo: {
      ask: {
        heading: 'Undo the change of your e-mail address',
        paragraphs: [
          'Your account gets its old address back and is signed out on all devices. Its password stops working, and we send you a link to choose a new one.',
        ],
      },
      button: 'Undo the change',
      done: {
        heading: 'The change has been undone',
        paragraphs: [
          'Your account has its old address back, and its password no longer works.',
          'We have sent you a mail with a link to choose a new password.',
        ],
      },
    },
  },
  invitation: {
    ask: ({ inviter, household, role }) => ({
      heading: 'You are invited to a household',
      paragraphs: [`${inviter} invites you to join “${household}” as ${role}.`],
    }),
    roles: {
      admin: 'an admin, who can also invite others',
      member: 'a member',
      viewer: 'a viewer, who can see everything but change nothing',
    },
    unknownInviter: 'Another user',
    accept: 'Accept',
    decline: 'Decline',
    signUp: {
      explanation: 'You have no account with this address yet. Create one to join the household.',
      displayName: 'Your name',
      button: 'Create account and accept',
    },
    accepted: {
      heading: 'Welcome to the household',
      paragraphs: ['You are now a member. You can close this page and sign in.'],
    },
    over: {
      heading: 'This invitation is no longer valid',
      paragraphs: [
        'It was accepted, declined or withdrawn, it has expired, or a newer link has replaced it.',
        'If you have just accepted it, you are a member. If not, ask the person who invited you for a new one.',
      ],
    },
    declined: {
      heading: 'You have declined the invitation',
      paragraphs: ['Nothing else happens. You can close this page.'],
    },
  },
  newPassword: {
    label: 'New password',
    hint: 'At least 8 characters. Several random words are easy to remember and hard to guess.',
  },
  spent: {
    heading: 'This link is no longer valid',
    paragraphs: [
      'A link works once and for a limited time, and a newer link replaces an older one.',
      'If you have just used it, everything is done. If not, request a new link where you requested this one.',
    ],
  },
  incomplete: {
    heading: 'This link is not complete',
    paragraphs: [
      'Open the link in the mail again. If that does not help, copy the whole address from the mail into your browser.',
    ],
  },
  refusals: {
    password_too_short: 'This password is too short: it needs at least 8 characters.',
    password_too_long: 'This password is too long: it may have at most 128 characters.',
    password_too_common: 'This password is too common. Choose another one.',
    display_name_invalid: 'A name is one line of 1 to 100 characters.',
    household_full: 'The household cannot take any more members. Ask the person who invited you.',
    email_not_verified:
      'You have not confirmed this e-mail address yet. Confirm it first, then open this page again.',
    rate_limited: 'There were too many attempts. Wait a minute, then try again.',
    unavailable: 'The service is temporarily unavailable. Wait a moment, then try again.',
    failed: 'Something went wrong. Try again in a moment.',
  },
};
