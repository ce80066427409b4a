import { type MailLanguage, utcDateAndTime } from './mail-language.ts';

const worksOnce = (until: string) => `The link works once, until ${until}.`;

export const english: MailLanguage = {
  tag: 'en',
  writeTime: (instant) => {
    const [date, time] = utcDateAndTime('en-GB', instant);
    return `${date} at ${time} UTC`;
  },
  greeting: 'Hello,',
  copyLink: 'If the link does not work, copy this address into your browser:',
  footer: (host) => `This is an automatic mail from ${host}. Replies are not read.`,
  words: {
    email_verification: (until) => ({
      subject: 'Confirm your e-mail address',
      before: ['Please confirm that this e-mail address is yours.'],
      link: 'Confirm e-mail address',
      after: [
        worksOnce(until),
        'If you did not create an account, ignore this mail. The address will not be confirmed.',
      ],
    }),
    guest_upgrade: (until) => ({
      subject: 'Keep your account with this e-mail address',
      before: [
        'A guest wants to keep their account with your e-mail address. If you confirm, the guest stays signed in to this account.',
      ],
      link: 'This is my account: keep it',
      after: [
        worksOnce(until),
        'If you did not request this, ignore this mail. Nothing changes unless you use the link.',
      ],
    }),
    address_in_use: {
      subject: 'You already have an account',
      paragraphs: [
        'Someone tried to sign up with your e-mail address. You already have an account with it, so no new account was created.',
        'If it was you, sign in as usual. If you have forgotten your password, request a new one on the sign-in page.',
        'If it was not you, you do not need to do anything. Your account is unchanged.',
      ],
    },
    password_reset: (until) => ({
      subject: 'Choose a new password',
      before: ['You can choose a new password for your account with this link.'],
      link: 'Choose a new password',
      after: [
        worksOnce(until),
        'If you did not request this, ignore this mail. Nothing changes unless you use the link.',
      ],
    }),
    email_change: (until) => ({
      subject: 'Confirm your new e-mail address',
      before: [
        'You asked to use this e-mail address for your account. Please confirm that it is yours.',
      ],
      link: 'Use this e-mail address',
      after: [
        `${worksOnce(until)} Your account keeps its old address until you use the link.`,
        'If you did not request this change, ignore this mail. Nothing changes unless you use the link.',
      ],
    }),
    email_changed: (until) => ({
      subject: 'Your e-mail address was changed',
      before: [
        'Your account now has another e-mail address. This address no longer belongs to it.',
        'If you changed it, you do not need to do anything. If not, undo the change: your account gets this address back, its password stops working, and we send you a link to choose a new one.',
      ],
      link: 'Undo the change',
      after: [worksOnce(until)],
    }),
    household_invitation: (until) => ({
      subject: 'You are invited to a household',
      before: [
        'You are invited to join a household. Open the link to see which household it is and who invites you.',
      ],
      link: 'See the invitation',
      after: [
        `You can accept the invitation until ${until}, with an account that has this e-mail address.`,
        'If you did not expect this invitation, ignore this mail or decline. You only join the household if you accept.',
      ],
    }),
    password_changed: (changedAt) => ({
      subject: 'Your password was changed',
      paragraphs: [
        `The password of your account was changed on ${changedAt}.`,
        'If you changed it, you do not need to do anything.',
        'If you did not change it, request a new password on the sign-in page as soon as you can.',
      ],
    }),
    account_locked: (until) => ({
      subject: 'Your account is temporarily locked',
      paragraphs: [
        `There were too many failed attempts to sign in to your account. Signing in is blocked until ${until}, even with the right password.`,
        'If it was you, wait until then, or request a new password on the sign-in page: choosing one unlocks the account immediately.',
        'If it was not you, someone is guessing your password. Choose another one if you use it elsewhere or if it is easy to guess.',
      ],
    }),
  },
};
