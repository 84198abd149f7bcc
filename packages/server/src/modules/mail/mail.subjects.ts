import type { MailTemplate } from '../../database/schema-mail.js';
import { oneLine } from './mail.text.js';
import type { Look } from './mail.types.js';
import { type Words, wordsOf } from './words/index.js';

const SUBJECTS: Readonly<Record<MailTemplate, (words: Words) => (realm: string) => string>> = {
  BINDING_LINK: ({ binding }) => binding.subject,
  RECOVERY_REQUESTED: ({ recoveryRequested }) => recoveryRequested.subject,
  RECOVERY_LINK: ({ recoveryLink }) => recoveryLink.subject,
  RECOVERY_COMPLETED: ({ recoveryCompleted }) => recoveryCompleted.subject,
  SIGN_UP_LINK: ({ signUpLink }) => signUpLink.subject,
  SIGN_UP_CODE: ({ signUpCode }) => signUpCode.subject,
  SIGN_UP_TAKEN: ({ signUpTaken }) => signUpTaken.subject,
};

/** What a mail says in the list of a mailbox: in the realm's own words where it has some. */
export function subjectFor(
  template: MailTemplate,
  { displayName, mailSubjects, language }: Pick<Look, 'displayName' | 'mailSubjects' | 'language'>,
): string {
  const own = mailSubjects[template];
  return oneLine(own ?? SUBJECTS[template](wordsOf(language))(oneLine(displayName))).slice(0, 200);
}
