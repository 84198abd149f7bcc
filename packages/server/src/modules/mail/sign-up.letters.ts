import type { Theme } from '../themes/themes.service.js';
import { letter, momentOf, oneLine } from './mail.letters.js';
import { subjectFor } from './mail.subjects.js';
import type { Written } from './mail.types.js';

const UNEXPECTED = 'If you did not want to sign up, ignore this mail: nothing happens without it.';

/** Proves an address by a link. */
export const signUpLinkLetter = (about: { link: string; expiresAt: Date }, theme: Theme): Written =>
  letter(theme, {
    title: subjectFor('SIGN_UP_LINK', theme),
    name: '',
    paragraphs: [
      `you want an account at ${oneLine(theme.displayName)}. Confirm that this address is yours, and go on with your passkey.`,
    ],
    button: { label: 'Confirm and go on', link: about.link },
    after: [`The link works until ${momentOf(about.expiresAt)}. Pass it on to nobody.`],
    foot: [UNEXPECTED],
  });

/** Proves an address by a code that is typed into the page. */
export const signUpCodeLetter = (about: { code: string; expiresAt: Date }, theme: Theme): Written =>
  letter(theme, {
    title: subjectFor('SIGN_UP_CODE', theme),
    name: '',
    paragraphs: [
      `you want an account at ${oneLine(theme.displayName)}. Type this code into the page that asked for it:`,
    ],
    code: about.code,
    after: [
      `It works until ${momentOf(about.expiresAt)}. Tell it to nobody: we never ask for it by mail or phone.`,
    ],
    foot: [UNEXPECTED],
  });

/** For who has an account already; whoever typed the address learns nothing of it. */
export const signUpTakenLetter = (about: { name: string; link: string }, theme: Theme): Written =>
  letter(theme, {
    title: subjectFor('SIGN_UP_TAKEN', theme),
    name: about.name,
    paragraphs: [
      `somebody, perhaps you, wanted to sign up at ${oneLine(theme.displayName)} with this address. You already have an account there: sign in with your passkey.`,
      'If you lost your passkey, this page says what you can do:',
    ],
    button: { label: 'I lost my passkey', link: about.link },
    foot: ['If it was not you, ignore this mail: nothing was changed.'],
  });
