import { letter } from './mail.letters.js';
import { subjectFor } from './mail.subjects.js';
import { oneLine } from './mail.text.js';
import type { Look, Written } from './mail.types.js';
import { momentIn, wordsOf } from './words/index.js';

/** Proves an address by a link. */
export function signUpLinkLetter(about: { link: string; expiresAt: Date }, look: Look): Written {
  const { signUpLink: words, signUpUnexpected } = wordsOf(look.language);
  return letter(look, {
    title: subjectFor('SIGN_UP_LINK', look),
    name: '',
    paragraphs: [words.wanted(oneLine(look.displayName))],
    button: { label: words.button, link: about.link },
    after: [words.until(momentIn(look.language, about.expiresAt))],
    foot: [signUpUnexpected],
  });
}

/** Proves an address by a code that is typed into the page. */
export function signUpCodeLetter(about: { code: string; expiresAt: Date }, look: Look): Written {
  const { signUpCode: words, signUpUnexpected } = wordsOf(look.language);
  return letter(look, {
    title: subjectFor('SIGN_UP_CODE', look),
    name: '',
    paragraphs: [words.wanted(oneLine(look.displayName))],
    code: about.code,
    after: [words.until(momentIn(look.language, about.expiresAt))],
    foot: [signUpUnexpected],
  });
}

/** For who has an account already; whoever typed the address learns nothing of it. */
export function signUpTakenLetter(about: { name: string; link: string }, look: Look): Written {
  const { signUpTaken: words } = wordsOf(look.language);
  return letter(look, {
    title: subjectFor('SIGN_UP_TAKEN', look),
    name: about.name,
    paragraphs: [words.taken(oneLine(look.displayName)), words.lost],
    button: { label: words.button, link: about.link },
    foot: [words.unexpected],
  });
}
