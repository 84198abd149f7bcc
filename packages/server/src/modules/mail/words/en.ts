import type { Words } from './words.types.js';

export const en: Words = {
  hello: 'Hello,',
  helloName: (name) => `Hello ${name},`,
  writeTo: (address) => `Questions? Write to ${address}.`,
  readAt: (address) => `Help is at ${address}`,
  once: (until) => `The link works once, until ${until}. Pass it on to nobody.`,

  binding: {
    subject: (realm) => `Set up your passkey for ${realm}`,
    invitation: (realm) =>
      `you are invited to set up a passkey for ${realm}. With it you sign in without a password.`,
    button: 'Set up your passkey',
    unexpected: 'If you did not expect this mail, ignore it: nothing happens without the link.',
  },

  recoveryRequested: {
    subject: (realm) => `Somebody asked for a new passkey for your account at ${realm}`,
    asked: (realm) =>
      `somebody who says that they are you and lost their passkey asked for a new one for ${realm}.`,
    waits: (from) =>
      `If it was you, there is nothing to do now: a link will come to the address that was given, after ${from}.`,
    comes: 'If it was you, there is nothing to do here: a link comes to the address that was given.',
    revokes: 'Once the new passkey is set up, all your old ones stop working.',
    stop: 'If it was not you, stop it now:',
    harmless: 'Whoever opens this link can do nothing but stop it.',
  },
  recoveryLink: {
    subject: (realm) => `Your new passkey for ${realm}`,
    lost: (realm) =>
      `you lost your passkey for ${realm}. With this link you set up a new one, on the device that you open it with.`,
    button: 'Set up a new passkey',
    unexpected:
      'If you did not ask for this, do not open the link, and tell whoever looks after your account.',
  },
  recoveryCompleted: {
    subject: (realm) => `A new passkey was added to your account at ${realm}`,
    added: (passkey, realm) =>
      `a new passkey (${passkey}) was added to your account at ${realm}, because its owner said that they lost theirs.`,
    revoked: 'Your old passkeys do not work any more.',
    undo: (until) =>
      `If it was not you, take it back, until ${until}. The new passkey then stops working at once:`,
    expected: 'If it was you, there is nothing to do.',
  },
  notMe: 'This was not me',

  signUpLink: {
    subject: (realm) => `Confirm your e-mail address for ${realm}`,
    wanted: (realm) =>
      `you want an account at ${realm}. Confirm that this address is yours, and go on with your passkey.`,
    button: 'Confirm and go on',
    until: (until) => `The link works until ${until}. Pass it on to nobody.`,
  },
  signUpCode: {
    subject: (realm) => `Your code for ${realm}`,
    wanted: (realm) => `you want an account at ${realm}. Type this code into the page that asked for it:`,
    until: (until) => `It works until ${until}. Tell it to nobody: we never ask for it by mail or phone.`,
  },
  signUpTaken: {
    subject: (realm) => `You already have an account at ${realm}`,
    taken: (realm) =>
      `somebody, perhaps you, wanted to sign up at ${realm} with this address. You already have an account there: sign in with your passkey.`,
    lost: 'If you lost your passkey, this page says what you can do:',
    button: 'I lost my passkey',
    unexpected: 'If it was not you, ignore this mail: nothing was changed.',
  },
  signUpUnexpected: 'If you did not want to sign up, ignore this mail: nothing happens without it.',
};
