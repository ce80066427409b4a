import type { PageLanguage } from './page-language.ts';

export const germanPages: PageLanguage = {
  tag: 'de',
  links: {
    email_verification: {
      ask: {
        heading: 'Bestätige deine E-Mail-Adresse',
        paragraphs: ['Drücke den Knopf, um zu bestätigen, dass diese E-Mail-Adresse dir gehört.'],
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
          'Du wirst auf allen Geräten abgemeldet. Melde dich danach mit dem neuen Passwort an.',
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
        paragraphs: ['Drücke den Knopf, um deine alte E-Mail-Adresse durch diese zu ersetzen.'],
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
          'Dein Konto bekommt seine alte Adresse zurück und wird auf allen Geräten abgemeldet. Sein Passwort gilt nicht mehr, und wir schicken dir einen Link, mit dem du ein neues wählst.',
        ],
      },
      button: 'Änderung rückgängig machen',
      done: {
        heading: 'Die Änderung wurde rückgängig gemacht',
        paragraphs: [
          'Dein Konto hat seine alte Adresse zurück, und sein Passwort gilt nicht mehr.',
          'Wir haben dir eine Mail mit einem Link geschickt, mit dem du ein neues Passwort wählst.',
        ],
      },
    },
  },
  invitation: {
    ask: ({ inviter, household, role }) => ({
      heading: 'Du bist in einen Haushalt eingeladen',
      paragraphs: [`${inviter} lädt dich in den Haushalt „${household}“ ein, und zwar ${role}.`],
    }),
    roles: {
      admin: 'zum Verwalten; du kannst dann auch andere einladen',
      member: 'als Mitglied',
      viewer: 'zum Ansehen; ändern kannst du dann nichts',
    },
    unknownInviter: 'Eine andere Person',
    accept: 'Annehmen',
    decline: 'Ablehnen',
    signUp: {
      explanation:
        'Mit dieser Adresse hast du noch kein Konto. Leg eines an, um dem Haushalt beizutreten.',
      displayName: 'Dein Name',
      button: 'Konto anlegen und annehmen',
    },
    accepted: {
      heading: 'Willkommen im Haushalt',
      paragraphs: ['Du bist jetzt Mitglied. Du kannst diese Seite schließen und dich anmelden.'],
    },
    over: {
      heading: 'Diese Einladung ist nicht mehr gültig',
      paragraphs: [
        'Sie wurde angenommen, abgelehnt oder zurückgezogen, sie ist abgelaufen, oder ein neuerer Link hat sie ersetzt.',
        'Wenn du sie gerade angenommen hast, bist du Mitglied. Wenn nicht, bitte die Person, die dich eingeladen hat, um eine neue.',
      ],
    },
    declined: {
      heading: 'Du hast die Einladung abgelehnt',
      paragraphs: ['Mehr passiert nicht. Du kannst diese Seite schließen.'],
    },
  },
  newPassword: {
    label: 'Neues Passwort',
    hint: 'Mindestens 8 Zeichen. Mehrere zufällige Wörter sind leicht zu merken und schwer zu erraten.',
  },
  spent: {
    heading: 'Dieser Link ist nicht mehr gültig',
    paragraphs: [
      'Ein Link gilt nur einmal und für begrenzte Zeit, und ein neuerer Link ersetzt einen älteren.',
      'Wenn du ihn gerade benutzt hast, ist alles erledigt. Wenn nicht, fordere dort einen neuen an, wo du diesen angefordert hast.',
    ],
  },
  incomplete: {
    heading: 'Dieser Link ist nicht vollständig',
    paragraphs: [
      'Öffne den Link in der Mail noch einmal. Wenn das nicht hilft, kopiere die ganze Adresse aus der Mail in deinen Browser.',
    ],
  },
  refusals: {
    password_too_short: 'Dieses Passwort ist zu kurz: Es braucht mindestens 8 Zeichen.',
    password_too_long: 'Dieses Passwort ist zu lang: Es darf höchstens 128 Zeichen haben.',
    password_too_common: 'Dieses Passwort ist zu verbreitet. Wähle ein anderes.',
    display_name_invalid: 'Ein Name ist eine Zeile mit 1 bis 100 Zeichen.',
    household_full:
      'Der Haushalt kann keine weiteren Mitglieder aufnehmen. Frag die Person, die dich eingeladen hat.',
    email_not_verified:
      'Du hast diese E-Mail-Adresse noch nicht bestätigt. Bestätige sie zuerst und öffne diese Seite dann noch einmal.',
    rate_limited: 'Das waren zu viele Versuche. Warte eine Minute und versuch es noch einmal.',
    unavailable:
      'Der Dienst ist vorübergehend nicht verfügbar. Warte einen Moment und versuch es noch einmal.',
    failed: 'Etwas ist schiefgegangen. Versuch es gleich noch einmal.',
  },
};
