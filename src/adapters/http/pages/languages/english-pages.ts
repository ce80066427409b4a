import type { PageLanguage } from './page-language.ts';

export const englishPages: PageLanguage = {
  tag: 'en',
  links: {
    email_verification: {
      ask: {
        heading: 'Confirm your e-mail address',
        paragraphs: ['Press the button to confirm that the mail with this link reached you.'],
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
        paragraphs: ['You will be signed out everywhere, and sign in with the new password.'],
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
        paragraphs: ['Press the button, and the new address takes the place of the old one.'],
      },
      button: 'Use this e-mail address',
      done: {
        heading: 'Your e-mail address is changed',
        paragraphs: ['From now on your account has the new address. You can close this page.'],
      },
    },
    email_change_undo: {
      ask: {
        heading: 'Undo the change of your e-mail address',
        paragraphs: [
          'Your account gets its old address back and is signed out everywhere. Its password stops working, and we send you a link to choose a new one.',
        ],
      },
      button: 'Undo the change',
      done: {
        heading: 'The change is undone',
        paragraphs: [
          'Your account has its old address back, and its password no longer works.',
          'A mail with a link to choose a new password is on its way to you.',
        ],
      },
    },
  },
  invitation: {
    ask: ({ inviter, household, role }) => ({
      heading: 'You are invited to a household',
      paragraphs: [`${inviter} invites you to “${household}”, as ${role}.`],
    }),
    roles: {
      admin: 'an admin, who can invite others',
      member: 'a member',
      viewer: 'a viewer, who can look but not change',
    },
    somebody: 'Somebody',
    accept: 'Accept',
    decline: 'Decline',
    signUp: {
      explanation: 'You have no account with this address yet. Create one, and you are in.',
      displayName: 'Your name',
      button: 'Create account and accept',
    },
    accepted: {
      heading: 'Welcome to the household',
      paragraphs: ['You are a member now. You can close this page and sign in.'],
    },
    over: {
      heading: 'This invitation is over',
      paragraphs: [
        'It was accepted, declined or taken back, or its time is up; a newer link takes the place of an older one.',
        'If you have just accepted it, you are a member. If not, ask whoever invited you for another.',
      ],
    },
    declined: {
      heading: 'The invitation is declined',
      paragraphs: ['Nothing else happens. You can close this page.'],
    },
  },
  newPassword: {
    label: 'New password',
    hint: 'At least 8 characters. A few words in a row are easy to remember and hard to guess.',
  },
  spent: {
    heading: 'This link no longer works',
    paragraphs: [
      'A link works once and for a limited time, and a newer one takes the place of an older one.',
      'If you used it a moment ago, it has done what it is for. If not, ask for another where you asked for this one.',
    ],
  },
  incomplete: {
    heading: 'This link is not complete',
    paragraphs: [
      'Open it from the mail once more. If that does not help, copy the whole address from the mail into your browser.',
    ],
  },
  refusals: {
    password_too_short: 'This password is too short: it needs at least 8 characters.',
    password_too_long: 'This password is too long: it may have at most 128 characters.',
    password_too_common: 'This password is one of those tried first. Choose another one.',
    display_name_invalid: 'A name is one line of 1 to 100 characters.',
    household_full: 'The household takes no more members. Ask whoever invited you.',
    email_not_verified:
      'Your account has yet to confirm this e-mail address. Do that first, then come back.',
    rate_limited: 'There were too many attempts. Wait a minute, then try again.',
    unavailable: 'This does not work for the moment. Wait a little, then try again.',
    failed: 'Something went wrong. Try again in a moment.',
  },
};
