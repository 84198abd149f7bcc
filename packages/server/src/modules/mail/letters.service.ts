/** The letters, for the modules whose mails they are. */
export { bindingLetter } from './mail.letters.js';
export { recoveryCompletedLetter, recoveryRequestedLetter } from './recovery.letters.js';
export { signUpCodeLetter, signUpLinkLetter, signUpTakenLetter } from './sign-up.letters.js';
export { languageOf } from './words/index.js';
