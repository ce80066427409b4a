import { type MailLanguage, utcDateAndTime } from './mail-language.ts';

const worksOnce = (until: string) => `Der Link gilt einmal und bis zum ${until}.`;

export const german: MailLanguage = {
  tag: 'de',
  writeTime: (instant) => {
    const [date, time] = utcDateAndTime('de-DE', instant);
    return `${date} um ${time} Uhr UTC`;
  },
  greeting: 'Hallo,',
  copyLink: 'Falls das nicht klappt, kopiere diese Adresse in deinen Browser:',
  footer: (host) => `Automatisch gesendet von ${host}. Antworten liest niemand.`,
  words: {
    email_verification: (until) => ({
      subject: 'Bestätige deine E-Mail-Adresse',
      before: ['Bitte bestätige, dass diese E-Mail-Adresse dir gehört.'],
      link: 'E-Mail-Adresse bestätigen',
      after: [
        worksOnce(until),
        'Wenn du kein Konto angelegt hast, ignoriere diese Mail: Die Adresse wird dann nicht bestätigt.',
      ],
    }),
    guest_upgrade: (until) => ({
      subject: 'Dein Konto unter dieser Adresse behalten',
      before: [
        'Jemand, der ein Konto als Gast benutzt, möchte es unter deiner E-Mail-Adresse behalten. Wer immer das ist, bleibt darin angemeldet.',
      ],
      link: 'Das bin ich: Konto behalten',
      after: [
        worksOnce(until),
        'Wenn du nicht darum gebeten hast, ignoriere diese Mail: Ohne den Link ändert sich nichts.',
      ],
    }),
    address_in_use: {
      subject: 'Du hast schon ein Konto',
      paragraphs: [
        'Jemand wollte sich mit deiner E-Mail-Adresse registrieren. Du hast damit schon ein Konto, deshalb wurde kein weiteres angelegt.',
        'Wenn du es warst, melde dich wie gewohnt an. Hast du dein Passwort vergessen, fordere dort, wo du dich anmeldest, ein neues an.',
        'Wenn du es nicht warst, brauchst du nichts zu tun: Dein Konto ist unverändert.',
      ],
    },
    password_reset: (until) => ({
      subject: 'Wähle ein neues Passwort',
      before: ['Mit diesem Link kannst du ein neues Passwort für dein Konto wählen.'],
      link: 'Neues Passwort wählen',
      after: [
        worksOnce(until),
        'Wenn du das nicht angefordert hast, ignoriere diese Mail: Solange niemand den Link benutzt, ändert sich nichts.',
      ],
    }),
    email_change: (until) => ({
      subject: 'Bestätige deine neue E-Mail-Adresse',
      before: [
        'Dies soll die E-Mail-Adresse deines Kontos werden. Bitte bestätige, dass sie dir gehört.',
      ],
      link: 'Diese E-Mail-Adresse verwenden',
      after: [
        `${worksOnce(until)} Bis du ihn benutzt, behält dein Konto die alte Adresse.`,
        'Wenn du diese Änderung nicht wolltest, ignoriere diese Mail: Solange niemand den Link benutzt, ändert sich nichts.',
      ],
    }),
    email_changed: (until) => ({
      subject: 'Deine E-Mail-Adresse wurde geändert',
      before: [
        'Dein Konto hat jetzt eine andere E-Mail-Adresse, und diese gehört nicht mehr dazu.',
        'Wenn du es warst, brauchst du nichts zu tun. Wenn nicht, mach die Änderung rückgängig: Dein Konto bekommt diese Adresse zurück, sein Passwort gilt nicht mehr, und wir schicken dir einen Link, mit dem du ein neues wählst.',
      ],
      link: 'Änderung rückgängig machen',
      after: [worksOnce(until)],
    }),
    household_invitation: (until) => ({
      subject: 'Du bist in einen Haushalt eingeladen',
      before: [
        'Jemand möchte dich im eigenen Haushalt haben. Der Link zeigt, wer es ist und um welchen Haushalt es geht.',
      ],
      link: 'Einladung ansehen',
      after: [
        `Die Einladung kann bis zum ${until} annehmen, wem diese Adresse nachweislich gehört.`,
        'Wenn du nicht weißt, worum es geht, ignoriere diese Mail oder lehne ab: Ohne Annahme wird niemand Mitglied.',
      ],
    }),
    password_changed: (changedAt) => ({
      subject: 'Dein Passwort wurde geändert',
      paragraphs: [
        `Das Passwort deines Kontos wurde am ${changedAt} geändert.`,
        'Wenn du es warst, brauchst du nichts zu tun.',
        'Wenn du es nicht warst, fordere so bald wie möglich dort, wo du dich anmeldest, ein neues Passwort an.',
      ],
    }),
    account_locked: (until) => ({
      subject: 'Dein Konto ist vorübergehend gesperrt',
      paragraphs: [
        `Es gab zu viele fehlgeschlagene Anmeldeversuche bei deinem Konto. Bis zum ${until} kann sich niemand anmelden, auch nicht mit dem richtigen Passwort.`,
        'Wenn du es warst, warte bis dahin, oder fordere dort, wo du dich anmeldest, ein neues Passwort an: Sobald du es gewählt hast, ist das Konto wieder offen.',
        'Wenn du es nicht warst, versucht jemand, dein Passwort zu erraten. Wenn du es auch anderswo benutzt oder es leicht zu erraten ist, wähle ein anderes.',
      ],
    }),
  },
};
