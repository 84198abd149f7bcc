import type { Translation } from '../words.js';
import type { en } from './en.js';

export const de: Translation<typeof en> = {
  'frame.help': 'Brauchen Sie Hilfe?',
  'frame.helpPage': 'Hilfeseite',
  'frame.reference': 'Vorgangsnummer',
  'frame.copyReference': 'Vorgangsnummer kopieren',
  'frame.copied': 'Kopiert',
  'frame.follow': 'Folgen Sie Ihrem Gerät: Es fragt nach Fingerabdruck, Gesicht oder PIN.',
  'frame.followElsewhere': 'Scannen Sie den Code, den Ihr Browser anzeigt, mit Ihrem Smartphone oder Tablet.',
  'frame.checking': 'Wird geprüft …',
  'frame.close': 'Sie können diese Seite schließen.',

  'bind.title': 'Passkey erstellen',
  'bind.for': 'Dieser Link ist für {name}. Er funktioniert nur einmal.',
  'bind.forUsername': 'Dieser Link ist für {name} ({username}). Er funktioniert nur einmal.',
  'bind.until': 'Er gilt bis {time}.',
  'bind.why': 'Ein Passkey ersetzt das Passwort: Sie entsperren ihn so, wie Sie dieses Gerät entsperren.',
  'bind.button': 'Passkey erstellen',
  'bind.elsewhere': 'Auf einem anderen Gerät erstellen',
  'bind.ready': '{passkey} ist eingerichtet. Verwenden Sie den Passkey bei der nächsten Anmeldung.',
  'bind.leaving': '{passkey} ist eingerichtet. Sie werden weitergeleitet …',

  'signIn.title': 'Anmelden',
  'signIn.to': 'um mit {application} fortzufahren',
  'signIn.username': 'Benutzername (Ihre Passkeys werden hier angeboten)',
  'signIn.button': 'Mit einem Passkey anmelden',
  'signIn.elsewhere': 'Passkey auf einem anderen Gerät verwenden',
  'signIn.older': 'Einen älteren oder neueren Passkey verwenden',
  'signIn.lost': 'Passkey verloren?',
  'signIn.signUp': 'Registrieren',
  'signIn.leaving': 'Angemeldet. Sie werden weitergeleitet …',

  'accounts.title': 'Konto auswählen',
  'accounts.another': 'Anderes Konto verwenden',
  'accounts.signOut': 'Abmelden',
  'accounts.signOutOf': '{name} abmelden',
  'accounts.signedOut': '{name} ist abgemeldet.',
  'accounts.fresh': 'Die Anwendung verlangt eine erneute Anmeldung.',

  'signOut.title': 'Abmelden',
  'signOut.question': 'Sie sind bei {realm} angemeldet. Dort und bei allen zugehörigen Anwendungen abmelden?',
  'signOut.button': 'Abmelden',
  'signOut.working': 'Sie werden abgemeldet …',
  'signedOut.title': 'Abgemeldet',
  'signedOut.text': 'Sie sind abgemeldet. Sie können diese Seite schließen.',

  'failure.title': 'Das hat nicht geklappt',
  'failure.nothingHere': 'Hier gibt es nichts',
  'failure.over': 'Dieser Link funktioniert nicht mehr',

  'unsupported.title': 'Dieser Browser kann keine Passkeys verwenden',
  'unsupported.inApp':
    'Diese Seite wurde in einer anderen App geöffnet. Öffnen Sie sie im Browser: Wählen Sie im Menü der App „Im Browser öffnen“ oder kopieren Sie die Adresse.',
  'unsupported.update':
    'Aktualisieren Sie diesen Browser, oder öffnen Sie die Seite in einem aktuellen Chrome, Edge, Firefox oder Safari.',
  'unsupported.insecure':
    'Passkeys brauchen eine sichere Adresse, die mit https beginnt. Sagen Sie der Person Bescheid, von der Sie diese Adresse haben.',
  'unsupported.copy': 'Adresse kopieren',

  'error.CANCELLED':
    'Es ist nichts passiert: Der Vorgang wurde abgebrochen oder hat zu lange gedauert. Versuchen Sie es noch einmal, wenn Sie so weit sind.',
  'error.NO_AUTHENTICATOR':
    'Dieses Gerät kann keinen solchen Passkey erstellen. Richten Sie eine Bildschirmsperre oder PIN ein, oder verwenden Sie ein anderes Gerät.',
  'error.ALREADY_BOUND':
    'Auf diesem Gerät gibt es schon einen Passkey für dieses Konto. Melden Sie sich damit an, oder verwenden Sie ein anderes Gerät.',
  'error.WRONG_ADDRESS':
    'Unter dieser Adresse funktionieren Passkeys nicht. Öffnen Sie die Seite unter der Adresse, die Sie bekommen haben.',
  'error.UNKNOWN': 'Der Passkey konnte nicht verwendet werden. Bitte versuchen Sie es noch einmal.',
  'error.OFFLINE':
    'Der Server ist nicht erreichbar. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  'error.INTERNAL': 'Bei uns ist ein Fehler aufgetreten. Bitte versuchen Sie es noch einmal.',
  'error.BROKEN':
    'Bei uns ist ein Fehler aufgetreten. Bitte beginnen Sie noch einmal dort, wo Sie hergekommen sind.',
  'error.LINK_INCOMPLETE':
    'Diese Adresse ist unvollständig. Öffnen Sie den ganzen Link, den Sie bekommen haben.',
  'error.LINK_INVALID': 'Dieser Link ist ungültig. Fordern Sie einen neuen an.',
  'error.LINK_EXPIRED': 'Dieser Link ist abgelaufen. Fordern Sie einen neuen an.',
  'error.LINK_USED':
    'Dieser Link wurde schon verwendet. Fordern Sie für einen weiteren Passkey einen neuen an.',
  'error.LINK_REVOKED': 'Dieser Link wurde zurückgezogen. Fordern Sie einen neuen an.',
  'error.LINK_OUTGROWN':
    'Ihre Rechte wurden geändert, nachdem dieser Link erstellt wurde. Fordern Sie einen neuen an.',
  'error.CHALLENGE_INVALID':
    'Das hat zu lange gedauert oder wurde zweimal versucht. Bitte versuchen Sie es noch einmal.',
  'error.PASSKEY_UNKNOWN':
    'Dieser Passkey wurde nicht akzeptiert. Verwenden Sie einen anderen oder fordern Sie einen neuen Link an.',
  'error.PASSKEY_REFUSED':
    'Dieser Passkey wurde nicht akzeptiert. Verwenden Sie einen anderen oder fordern Sie einen neuen Link an.',
  'error.REAUTHENTICATION_REQUIRED': 'Verwenden Sie erneut Ihren Passkey, um fortzufahren.',
  'error.LAST_PASSKEY':
    'Das ist Ihr letzter Passkey. Ohne ihn können Sie sich nicht mehr anmelden. Fügen Sie zuerst einen anderen hinzu oder bestätigen Sie.',
  'error.UNAUTHENTICATED': 'Verwenden Sie Ihren Passkey, um Ihr Konto zu sehen.',
  'error.ADMIN_LOCKOUT':
    'Danach könnte sich niemand mehr an der Konsole anmelden. Geben Sie zuerst einer anderen Person in der Verwaltung Zugang und einen Passkey.',
  'error.POLICY_DENIED': 'Die Regeln dieser Organisation lassen das nicht zu.',
  'error.INTERACTION_EXPIRED':
    'Diese Anmeldung ist abgelaufen oder wurde in einem anderen Browser begonnen. Beginnen Sie bei der Anwendung von vorn.',
  'error.RATE_LIMITED': 'Zu viele Anfragen. Warten Sie eine Minute und versuchen Sie es dann noch einmal.',
  'error.FORBIDDEN': 'Dazu sind Sie nicht berechtigt.',
  'error.INVALID_INPUT': 'Die Anfrage war nicht lesbar. Bitte beginnen Sie von vorn.',
  'error.MODEL_NOT_ALLOWED':
    'Dieses Gerät oder dieser Sicherheitsschlüssel ist hier nicht zugelassen. Bitte verwenden Sie ein anderes.',
  'error.NOT_FOUND':
    'Unter dieser Adresse gibt es keine Seite. Prüfen Sie den Link, den Sie bekommen haben, oder beginnen Sie bei der Anwendung von vorn.',
  'error.invalid_request': 'Die Anwendung hat eine ungültige Anfrage gesendet.',
  'error.invalid_client': 'Diese Anwendung ist hier nicht bekannt.',
  'error.invalid_redirect_uri':
    'Die Anwendung wollte zu einer Adresse zurückkehren, die für sie nicht registriert ist.',
  'error.access_denied': 'Dazu sind Sie nicht berechtigt.',
  'error.server_error': 'Bei uns ist ein Fehler aufgetreten.',
};
