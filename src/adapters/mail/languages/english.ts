import { type MailLanguage, utcDateAndTime } from './mail-language.ts';

const worksOnce = (until: string) => `The link works once, until ${until}.`;

export const english: MailLanguage = {
  tag: 'en',
  writeTime: (instant) => {
    const [date, time] = utcDateAndTime('en-GB', instant);
    return `${date} at ${time} UTC`;
  },
  greeting: 'Hello,',
  copyLink: 'If that does not work, copy this address into your browser:',
  footer: (host) => `Sent automatically by ${host}. Nobody reads replies.`,
  words: {
    email_verification: (until) => ({
      subject: 'Confirm your e-mail address',
      before: ['Please confirm that this e-mail address is yours.'],
      link: 'Confirm e-mail address',
      after: [
        worksOnce(until),
        'If you did not create an account, ignore this mail: the address will not be confirmed.',
      ],
    }),
    guest_upgrade: (until) => ({
      subject: 'Keep your account under this address',
      before: [
        'Somebody who uses an account as a guest wants to keep it under your e-mail address. Whoever that is stays signed in to it.',
      ],
      link: 'That is me: keep the account',
      after: [
        worksOnce(until),
        'If you did not ask for this, ignore this mail: nothing changes unless the link is used.',
      ],
    }),
    address_in_use: {
      subject: 'You already have an account',
      paragraphs: [
        'Somebody tried to sign up with your e-mail address. You have an account with it already, so no other was created.',
        'If it was you, sign in as usual. If you have forgotten your password, ask for a new one where you sign in.',
        'If it was not you, there is nothing to do: your account is unchanged.',
      ],
    },
    password_reset: (until) => ({
      subject: 'Choose a new password',
      before: ['With this link you can choose a new password for your account.'],
      link: 'Choose a new password',
      after: [
        worksOnce(until),
        'If you did not ask for it, ignore this mail: nothing changes unless the link is used.',
      ],
    }),
    email_change: (until) => ({
      subject: 'Confirm your new e-mail address',
      before: [
        'This is to become the e-mail address of your account. Please confirm that it is yours.',
      ],
      link: 'Use this e-mail address',
      after: [
        `${worksOnce(until)} Your account keeps its old address until you use it.`,
        'If you did not ask for this change, ignore this mail: nothing changes unless the link is used.',
      ],
    }),
    email_changed: (until) => ({
      subject: 'Your e-mail address was changed',
      before: [
        'Your account has another e-mail address now, and this one no longer belongs to it.',
        'If it was you, there is nothing to do. If it was not you, undo the change: your account gets this address back, its password stops working, and we send you a link to choose a new one.',
      ],
      link: 'Undo the change',
      after: [worksOnce(until)],
    }),
    household_invitation: (until) => ({
      subject: 'You are invited to a household',
      before: [
        'Somebody would like you to join their household. The link shows who, and which one.',
      ],
      link: 'See the invitation',
      after: [
        `The invitation can be accepted until ${until}, by whoever proves to have this address.`,
        'If you do not know what this is about, ignore this mail or decline: nobody joins anything without accepting.',
      ],
    }),
    password_changed: (changedAt) => ({
      subject: 'Your password was changed',
      paragraphs: [
        `The password of your account was changed on ${changedAt}.`,
        'If it was you, there is nothing to do.',
        'If it was not you, ask for a new password where you sign in, as soon as you can.',
      ],
    }),
    account_locked: (until) => ({
      subject: 'Your account is locked for now',
      paragraphs: [
        `There were too many failed attempts to sign in to your account. Nobody can sign in to it until ${until}, not even with the right password.`,
        'If it was you, wait until then, or ask for a new password where you sign in: choosing one unlocks the account at once.',
        'If it was not you, somebody is guessing your password. If you use the same one elsewhere, or it is easy to guess, choose another.',
      ],
    }),
  },
};
