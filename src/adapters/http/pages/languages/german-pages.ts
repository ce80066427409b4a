import type { PageLanguage } from './page-language.ts';

export const germanPages: PageLanguage = {
  tag: 'de',
  links: {
    email_verification: {
      ask: {
        heading: 'Bestätige deine E-Mail-Adresse',
        paragraphs: [
          'Drücke den Knopf und bestätige so, dass die Mail mit diesem Link bei dir ankam.',
        ],
      },
      button: 'E-Mail-Adresse bestätigen',
      done: {
        heading: 'Deine E-Mail-Adresse ist bestätigt',
        paragraphs: ['Du kannst diese Seite schließen und dich anmelden.'],
      },
    },
    password_reset: {
      ask: {
        heading: 'Wähle ein neues Passwort',
        paragraphs: [
          'Du wirst überall abgemeldet und meldest dich dann mit dem neuen Passwort an.',
        ],
      },
      button: 'Passwort ändern',
      done: {
        heading: 'Dein Passwort ist geändert',
        paragraphs: ['Du kannst diese Seite schließen und dich mit dem neuen Passwort anmelden.'],
      },
    },
    email_change: {
      ask: {
        heading: 'Bestätige deine neue E-Mail-Adresse',
        paragraphs: ['Drücke den Knopf, dann tritt die neue Adresse an die Stelle der alten.'],
      },
      button: 'Diese E-Mail-Adresse verwenden',
      done: {
        heading: 'Deine E-Mail-Adresse ist geändert',
        paragraphs: ['Dein Konto hat jetzt die neue Adresse. Du kannst diese Seite schließen.'],
      },
    },
    email_change_undo: {
      ask: {
        heading: 'Mach die Änderung deiner E-Mail-Adresse rückgängig',
        paragraphs: [
          'Dein Konto bekommt seine alte Adresse zurück und wird überall abgemeldet. Sein Passwort gilt nicht mehr, und wir schicken dir einen Link, mit dem du ein neues wählst.',
        ],
      },
      button: 'Änderung rückgängig machen',
      done: {
        heading: 'Die Änderung ist rückgängig gemacht',
        paragraphs: [
          'Dein Konto hat seine alte Adresse zurück, und sein Passwort gilt nicht mehr.',
          'Eine Mail mit einem Link, mit dem du ein neues Passwort wählst, ist unterwegs zu dir.',
        ],
      },
    },
  },
  invitation: {
    ask: ({ inviter, household, role }) => ({
      heading: 'Du bist in einen Haushalt eingeladen',
      paragraphs: [`${inviter} lädt dich in „${household}“ ein, und zwar ${role}.`],
    }),
    roles: {
      admin: 'zum Verwalten, auch zum Einladen anderer',
      member: 'als Mitglied',
      viewer: 'zum Ansehen, ohne etwas zu ändern',
    },
    somebody: 'Jemand',
    accept: 'Annehmen',
    decline: 'Ablehnen',
    signUp: {
      explanation: 'Mit dieser Adresse hast du noch kein Konto. Leg eines an, dann bist du dabei.',
      displayName: 'Dein Name',
      button: 'Konto anlegen und annehmen',
    },
    accepted: {
      heading: 'Willkommen im Haushalt',
      paragraphs: ['Du bist jetzt Mitglied. Du kannst diese Seite schließen und dich anmelden.'],
    },
    over: {
      heading: 'Diese Einladung gilt nicht mehr',
      paragraphs: [
        'Sie wurde angenommen, abgelehnt oder zurückgezogen, oder ihre Zeit ist um; ein neuerer Link tritt an die Stelle eines älteren.',
        'Wenn du sie eben angenommen hast, bist du Mitglied. Wenn nicht, bitte um eine neue, wo du eingeladen wurdest.',
      ],
    },
    declined: {
      heading: 'Die Einladung ist abgelehnt',
      paragraphs: ['Weiter passiert nichts. Du kannst diese Seite schließen.'],
    },
  },
  newPassword: {
    label: 'Neues Passwort',
    hint: 'Mindestens 8 Zeichen. Ein paar Wörter hintereinander sind leicht zu merken und schwer zu erraten.',
  },
  spent: {
    heading: 'Dieser Link gilt nicht mehr',
    paragraphs: [
      'Ein Link gilt einmal und eine begrenzte Zeit, und ein neuerer tritt an die Stelle eines älteren.',
      'Wenn du ihn eben benutzt hast, hat er getan, wofür er da ist. Wenn nicht, fordere dort einen neuen an, wo du diesen angefordert hast.',
    ],
  },
  incomplete: {
    heading: 'Dieser Link ist nicht vollständig',
    paragraphs: [
      'Öffne ihn noch einmal aus der Mail. Wenn das nicht hilft, kopiere die ganze Adresse aus der Mail in deinen Browser.',
    ],
  },
  refusals: {
    password_too_short: 'Dieses Passwort ist zu kurz: Es braucht mindestens 8 Zeichen.',
    password_too_long: 'Dieses Passwort ist zu lang: Es darf höchstens 128 Zeichen haben.',
    password_too_common:
      'Dieses Passwort ist eines von denen, die zuerst probiert werden. Wähle ein anderes.',
    display_name_invalid: 'Ein Name ist eine Zeile mit 1 bis 100 Zeichen.',
    household_full: 'Der Haushalt nimmt niemanden mehr auf. Frag nach, wer dich eingeladen hat.',
    email_not_verified:
      'Dein Konto hat diese E-Mail-Adresse noch nicht bestätigt. Hol das nach und komm dann wieder.',
    rate_limited: 'Das waren zu viele Versuche. Warte eine Minute und versuch es noch einmal.',
    unavailable: 'Das geht im Moment nicht. Warte ein wenig und versuch es noch einmal.',
    failed: 'Etwas ist schiefgegangen. Versuch es gleich noch einmal.',
  },
};
