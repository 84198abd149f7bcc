import type { Message } from '../../words.js';

export const en = {
  'recover.title': 'Lost your passkey?',
  'recover.other':
    'If another of your devices still has a passkey, you need nothing from here: sign in with that one, and add a new passkey on your account page.',
  'recover.account': 'Open your account page',
  'recover.how':
    'Otherwise ask for a link by e-mail. All your addresses are told, and anyone of them can stop it.',
  'recover.off': 'Without one, ask whoever looks after your account for a new link.',
  'recover.email': 'Your e-mail address',
  'recover.button': 'Ask for a link',
  'recover.asked':
    'If there is an account with this address, a mail is on its way to all addresses of the account. It says when the link comes. You can close this page.',

  'stop.title': 'Was this not you?',
  'stop.text':
    'Somebody asked for a new passkey for your account. If it was not you, stop it: their link or their new passkey then no longer works.',
  'stop.button': 'This was not me, stop it',
  'stop.stopped': 'It is stopped. Your passkeys stay as they are. Tell whoever looks after your account.',
  'stop.undone':
    'The new passkey was taken back, and whoever used it is signed out. Tell whoever looks after your account.',

  'signUp.title': 'Sign up',
  'signUp.email': 'Your e-mail address',
  'signUp.next': 'Continue',
  'signUp.sentLink':
    'Look into your mailbox: a mail brings the link that you go on with. You can close this page.',
  'signUp.sentCode': 'Look into your mailbox: a mail brings a code of six digits.',
  'signUp.code': 'Code from the mail',
  'signUp.proven': '{email} is confirmed. Who are you?',
  'signUp.name': 'Your name',
  'signUp.username': 'Username',
  'signUp.usernameHint': 'Your e-mail address unless you choose another one.',
  'signUp.button': 'Create passkey',
  'signUp.leaving': 'Your account is ready. You are taken on …',
  'signUp.done': 'Your account is ready. Sign in with your passkey at the application that you came from.',

  'error.ADDRESS_TAKEN': 'There is an account with this address by now. Sign in with its passkey.',
  'error.CODE_WRONG': 'This code is not right, or not valid any more.',
  'error.DOMAIN_NOT_ALLOWED': 'Addresses of this domain can’t sign up here.',
  'error.INVALID_INPUT': 'Something in this form can’t be used. Please look at it again.',
  'error.LINK_INVALID': 'This link is not valid any more: what it was for is over.',
  'error.RATE_LIMITED': 'There were too many requests from here. Try again in an hour.',
  'error.RECOVERY_OFF':
    'Nobody can help themselves to a new passkey here. Ask whoever looks after your account.',
  'error.SIGN_UP_INVALID': 'This sign-up is not valid any more. Please start again.',
  'error.SIGN_UP_OFF': 'Nobody can sign up here by themselves. Ask for an invitation.',
  'error.USERNAME_TAKEN': 'This username is taken. Choose another one.',
} as const satisfies Readonly<Record<string, Message>>;
