import { type MailLanguage, utcDateAndTime } from './mail-language.ts';

const worksOnce = (until: string) => `Der Link gilt nur einmal, und zwar bis zum ${until}.`;

export const german: MailLanguage = {
  tag: 'de',
  writeTime: (instant) => {
    const [date, time] = utcDateAndTime('de-DE', instant);
    return `${date} um ${time} Uhr UTC`;
  },
  greeting: 'Hallo,',
  copyLink: 'Falls der Link nicht funktioniert, kopiere diese Adresse in deinen Browser:',
  footer: (host) => `Dies ist eine automatische Mail von ${host}. Antworten werden nicht gelesen.`,
  words: {
    email_verification: (until) => ({
      subject: 'Bestätige deine E-Mail-Adresse',
      before: ['Bitte bestätige, dass diese E-Mail-Adresse dir gehört.'],
      link: 'E-Mail-Adresse bestätigen',
      after: [
        worksOnce(until),
        'Wenn du kein Konto angelegt hast, ignoriere diese Mail. Die Adresse wird dann nicht bestätigt.',
      ],
    }),
    guest_upgrade: (until) => ({
      subject: 'Behalte dein Konto mit dieser E-Mail-Adresse',
      before: [
        'Ein Gast möchte sein Konto mit deiner E-Mail-Adresse behalten. Wenn du bestätigst, bleibt der Gast in diesem Konto angemeldet.',
      ],
      link: 'Das ist mein Konto: behalten',
      after: [
        worksOnce(until),
        'Wenn du das nicht angefordert hast, ignoriere diese Mail. Solange du den Link nicht benutzt, ändert sich nichts.',
      ],
    }),
    address_in_use: {
      subject: 'Du hast schon ein Konto',
      paragraphs: [
        'Jemand wollte sich mit deiner E-Mail-Adresse registrieren. Du hast damit schon ein Konto, deshalb wurde kein neues angelegt.',
        'Wenn du es warst, melde dich wie gewohnt an. Wenn du dein Passwort vergessen hast, fordere auf der Anmeldeseite ein neues an.',
        'Wenn du es nicht warst, brauchst du nichts zu tun. Dein Konto ist unverändert.',
      ],
    },
    password_reset: (until) => ({
      subject: 'Wähle ein neues Passwort',
      before: ['Mit diesem Link kannst du ein neues Passwort für dein Konto wählen.'],
      link: 'Neues Passwort wählen',
      after: [
        worksOnce(until),
        'Wenn du das nicht angefordert hast, ignoriere diese Mail. Solange du den Link nicht benutzt, ändert sich nichts.',
      ],
    }),
    email_change: (until) => ({
      subject: 'Bestätige deine neue E-Mail-Adresse',
      before: [
        'Du möchtest diese E-Mail-Adresse für dein Konto verwenden. Bitte bestätige, dass sie dir gehört.',
      ],
      link: 'Diese E-Mail-Adresse verwenden',
      after: [
        `${worksOnce(until)} Dein Konto behält seine alte Adresse, bis du den Link benutzt.`,
        'Wenn du diese Änderung nicht angefordert hast, ignoriere diese Mail. Solange du den Link nicht benutzt, ändert sich nichts.',
      ],
    }),
    email_changed: (until) => ({
      subject: 'Deine E-Mail-Adresse wurde geändert',
      before: [
        'Dein Konto hat jetzt eine andere E-Mail-Adresse. Diese Adresse gehört nicht mehr dazu.',
        'Wenn du sie geändert hast, brauchst du nichts zu tun. Wenn nicht, mach die Änderung rückgängig: Dein Konto bekommt diese Adresse zurück, sein Passwort gilt nicht mehr, und wir schicken dir einen Link, mit dem du ein neues wählst.',
      ],
      link: 'Änderung rückgängig machen',
      after: [worksOnce(until)],
    }),
    household_invitation: (until) => ({
      subject: 'Du bist in einen Haushalt eingeladen',
      before: [
        'Du bist eingeladen, einem Haushalt beizutreten. Öffne den Link, um zu sehen, welcher Haushalt es ist und wer dich einlädt.',
      ],
      link: 'Einladung ansehen',
      after: [
        `Du kannst die Einladung bis zum ${until} annehmen, mit einem Konto, das diese E-Mail-Adresse hat.`,
        'Wenn du diese Einladung nicht erwartet hast, ignoriere diese Mail oder lehne ab. Du wirst nur Mitglied, wenn du annimmst.',
      ],
    }),
    password_changed: (changedAt) => ({
      subject: 'Dein Passwort wurde geändert',
      paragraphs: [
        `Das Passwort deines Kontos wurde am ${changedAt} geändert.`,
        'Wenn du es geändert hast, brauchst du nichts zu tun.',
        'Wenn du es nicht geändert hast, fordere so bald wie möglich auf der Anmeldeseite ein neues Passwort an.',
      ],
    }),
    account_locked: (until) => ({
      subject: 'Dein Konto ist vorübergehend gesperrt',
      paragraphs: [
        `Es gab zu viele fehlgeschlagene Anmeldeversuche bei deinem Konto. Bis zum ${until} ist die Anmeldung gesperrt, auch mit dem richtigen Passwort.`,
        'Wenn du es warst, warte bis dahin, oder fordere auf der Anmeldeseite ein neues Passwort an: Sobald du es gewählt hast, ist das Konto wieder entsperrt.',
        'Wenn du es nicht warst, versucht jemand, dein Passwort zu erraten. Wähle ein anderes, wenn du es auch anderswo benutzt oder es leicht zu erraten ist.',
      ],
    }),
  },
};
