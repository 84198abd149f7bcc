import type { Message } from '../words.js';

export const en = {
  'frame.help': 'Need help?',
  'frame.helpPage': 'Help page',
  'frame.reference': 'Reference',
  'frame.copyReference': 'Copy reference',
  'frame.copied': 'Copied',
  'frame.follow': 'Follow your device: it asks for your fingerprint, face or PIN.',
  'frame.followElsewhere': 'Scan the code that your browser shows with your phone or tablet.',
  'frame.checking': 'Checking …',
  'frame.close': 'You can close this page.',

  'bind.title': 'Create your passkey',
  'bind.for': 'This link is for {name}. It works once.',
  'bind.forUsername': 'This link is for {name} ({username}). It works once.',
  'bind.until': 'Use it by {time}.',
  'bind.why': 'A passkey replaces the password: you unlock it as you unlock this device.',
  'bind.button': 'Create passkey',
  'bind.elsewhere': 'Create it on another device',
  'bind.ready': '{passkey} is ready. Use it the next time you sign in.',
  'bind.leaving': '{passkey} is ready. You are taken on …',

  'signIn.title': 'Sign in',
  'signIn.to': 'to continue to {application}',
  'signIn.username': 'Username (your passkeys are offered here)',
  'signIn.button': 'Sign in with a passkey',
  'signIn.elsewhere': 'Use a passkey on another device',
  'signIn.older': 'Use an older or a newer passkey',
  'signIn.lost': 'Lost your passkey?',
  'signIn.signUp': 'Sign up',
  'signIn.leaving': 'Signed in. You are taken on …',

  'accounts.title': 'Choose an account',
  'accounts.another': 'Use another account',
  'accounts.signOut': 'Sign out',
  'accounts.signOutOf': 'Sign out of {name}',
  'accounts.signedOut': '{name} is signed out.',
  'accounts.fresh': 'The application asks you to sign in again.',

  'signOut.title': 'Sign out',
  'signOut.question': 'You are signed in to {realm}. Sign out of it and of its applications?',
  'signOut.button': 'Sign out',
  'signOut.working': 'Signing out …',
  'signedOut.title': 'Signed out',
  'signedOut.text': 'You are signed out. You can close this page.',

  'failure.title': 'This did not work',
  'failure.nothingHere': 'Nothing is here',
  'failure.over': 'This link no longer works',

  'unsupported.title': 'This browser can’t use passkeys',
  'unsupported.inApp':
    'This page was opened inside another app. Open it in your browser: choose “Open in browser” in the app’s menu, or copy the address.',
  'unsupported.update': 'Update this browser, or open the page in a current Chrome, Edge, Firefox or Safari.',
  'unsupported.insecure':
    'Passkeys need a secure address that begins with https. Tell whoever gave you this address.',
  'unsupported.copy': 'Copy the address',

  'error.CANCELLED': 'Nothing happened: it was cancelled, or took too long. Try again when you are ready.',
  'error.NO_AUTHENTICATOR':
    'This device can’t make such a passkey. It needs a screen lock or a PIN, or use another device.',
  'error.ALREADY_BOUND':
    'This device has a passkey for this account already. Sign in with it, or use another device.',
  'error.WRONG_ADDRESS': 'Passkeys don’t work at this address. Open the page at the address you were given.',
  'error.UNKNOWN': 'The passkey could not be used. Please try again.',
  'error.OFFLINE': 'The server can’t be reached. Check your connection, then try again.',
  'error.INTERNAL': 'Something went wrong on our side. Please try again.',
  'error.BROKEN': 'Something went wrong on our side. Please start again where you came from.',
  'error.LINK_INCOMPLETE': 'This address is not complete. Open the whole link that you were given.',
  'error.LINK_INVALID': 'This link is not valid. Ask for a new one.',
  'error.LINK_EXPIRED': 'This link has expired. Ask for a new one.',
  'error.LINK_USED': 'This link was used already. Ask for a new one to bind another passkey.',
  'error.LINK_REVOKED': 'This link was withdrawn. Ask for a new one.',
  'error.LINK_OUTGROWN': 'Your rights were changed after this link was made. Ask for a new one.',
  'error.CHALLENGE_INVALID': 'This took too long or was tried twice. Please try again.',
  'error.PASSKEY_UNKNOWN': 'This passkey was not accepted. Use another one, or ask for a new link.',
  'error.PASSKEY_REFUSED': 'This passkey was not accepted. Use another one, or ask for a new link.',
  'error.REAUTHENTICATION_REQUIRED': 'Use your passkey again to go on.',
  'error.LAST_PASSKEY':
    'This is your last passkey. Without one you can’t sign in any more. Add another one first, or confirm.',
  'error.UNAUTHENTICATED': 'Use your passkey to see your account.',
  'error.ADMIN_LOCKOUT':
    'After this change nobody could sign in to the console any more. First give another administrator access and a passkey.',
  'error.POLICY_DENIED': 'The rules of this organisation do not allow this.',
  'error.INTERACTION_EXPIRED':
    'This sign-in has expired or was begun in another browser. Start again at the application.',
  'error.RATE_LIMITED': 'Too many requests. Wait a minute, then try again.',
  'error.FORBIDDEN': 'You are not allowed to do this.',
  'error.INVALID_INPUT': 'The request could not be read. Please start again.',
  'error.MODEL_NOT_ALLOWED': 'This authenticator can’t be used here. Please use another one.',
  'error.NOT_FOUND':
    'There is no page at this address. Check the link that you were given, or start again at the application.',
  'error.invalid_request': 'The application sent a request that is not valid.',
  'error.invalid_client': 'This application is not known here.',
  'error.invalid_redirect_uri':
    'The application asked to return to an address that is not registered for it.',
  'error.access_denied': 'You are not allowed to do this.',
  'error.server_error': 'Something went wrong on our side.',
} as const satisfies Readonly<Record<string, Message>>;
