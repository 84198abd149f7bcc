import type { Translation } from '../../words.js';
import type { en } from './en.js';

export const de: Translation<typeof en> = {
  'recover.title': 'Passkey verloren?',
  'recover.other':
    'Hat ein anderes Ihrer Geräte noch einen Passkey, brauchen Sie hier nichts: Melden Sie sich damit an und fügen Sie auf Ihrer Kontoseite einen neuen Passkey hinzu.',
  'recover.account': 'Kontoseite öffnen',
  'recover.how':
    'Fordern Sie sonst einen Link per E-Mail an. Alle Ihre Adressen werden benachrichtigt, und über jede davon lässt sich der Vorgang stoppen.',
  'recover.off': 'Bitten Sie sonst die Stelle, die Ihr Konto betreut, um einen neuen Link.',
  'recover.email': 'Ihre E-Mail-Adresse',
  'recover.button': 'Link anfordern',
  'recover.asked':
    'Wenn es ein Konto mit dieser Adresse gibt, ist eine E-Mail an alle Adressen des Kontos unterwegs. Darin steht, wann der Link kommt. Sie können diese Seite schließen.',

  'stop.title': 'Waren Sie das nicht?',
  'stop.text':
    'Jemand hat einen neuen Passkey für Ihr Konto angefordert. Wenn Sie das nicht waren, stoppen Sie den Vorgang: Der Link oder der neue Passkey funktioniert dann nicht mehr.',
  'stop.button': 'Das war ich nicht, stoppen',
  'stop.stopped':
    'Der Vorgang ist gestoppt. Ihre Passkeys bleiben, wie sie sind. Informieren Sie die Stelle, die Ihr Konto betreut.',
  'stop.undone':
    'Der neue Passkey wurde zurückgenommen, und wer ihn benutzt hat, ist abgemeldet. Informieren Sie die Stelle, die Ihr Konto betreut.',

  'signUp.title': 'Registrieren',
  'signUp.email': 'Ihre E-Mail-Adresse',
  'signUp.next': 'Weiter',
  'signUp.sentLink':
    'Sehen Sie in Ihr Postfach: Eine E-Mail bringt den Link, mit dem es weitergeht. Sie können diese Seite schließen.',
  'signUp.sentCode': 'Sehen Sie in Ihr Postfach: Eine E-Mail bringt einen Code aus sechs Ziffern.',
  'signUp.code': 'Code aus der E-Mail',
  'signUp.proven': '{email} ist bestätigt. Wer sind Sie?',
  'signUp.name': 'Ihr Name',
  'signUp.username': 'Benutzername',
  'signUp.usernameHint': 'Ihre E-Mail-Adresse, wenn Sie keinen anderen wählen.',
  'signUp.button': 'Passkey erstellen',
  'signUp.leaving': 'Ihr Konto ist fertig. Sie werden weitergeleitet …',
  'signUp.done':
    'Ihr Konto ist fertig. Melden Sie sich bei der Anwendung, von der Sie kommen, mit Ihrem Passkey an.',

  'error.ADDRESS_TAKEN':
    'Inzwischen gibt es ein Konto mit dieser Adresse. Melden Sie sich mit dessen Passkey an.',
  'error.CODE_WRONG': 'Dieser Code stimmt nicht oder gilt nicht mehr.',
  'error.DOMAIN_NOT_ALLOWED': 'Adressen dieser Domain können sich hier nicht registrieren.',
  'error.INVALID_INPUT': 'Eine Angabe in diesem Formular ist nicht möglich. Bitte prüfen Sie sie.',
  'error.LINK_INVALID': 'Dieser Link gilt nicht mehr: Der Vorgang ist beendet.',
  'error.RATE_LIMITED': 'Von hier kamen zu viele Anfragen. Versuchen Sie es in einer Stunde wieder.',
  'error.RECOVERY_OFF':
    'Hier kann sich niemand selbst einen neuen Passkey besorgen. Wenden Sie sich an die Stelle, die Ihr Konto betreut.',
  'error.SIGN_UP_INVALID': 'Diese Registrierung gilt nicht mehr. Bitte beginnen Sie von vorn.',
  'error.SIGN_UP_OFF': 'Hier kann sich niemand selbst registrieren. Bitten Sie um eine Einladung.',
  'error.USERNAME_TAKEN': 'Dieser Benutzername ist vergeben. Wählen Sie einen anderen.',
};
