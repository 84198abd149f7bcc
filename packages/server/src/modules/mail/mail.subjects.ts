import type { MailTemplate } from '../../database/schema-mail.js';
import type { Theme } from '../themes/themes.service.js';
import { oneLine, subjectOf } from './mail.letters.js';

type Named = Pick<Theme, 'displayName'>;

const SUBJECTS: Readonly<Record<MailTemplate, (realm: string) => string>> = {
  BINDING_LINK: (realm) => subjectOf({ displayName: realm }),
  RECOVERY_REQUESTED: (realm) => `Somebody asked for a new passkey for your account at ${realm}`,
  RECOVERY_LINK: (realm) => `Your new passkey for ${realm}`,
  RECOVERY_COMPLETED: (realm) => `A new passkey was added to your account at ${realm}`,
  SIGN_UP_LINK: (realm) => `Confirm your e-mail address for ${realm}`,
  SIGN_UP_CODE: (realm) => `Your code for ${realm}`,
  SIGN_UP_TAKEN: (realm) => `You already have an account at ${realm}`,
};

/** What a mail says in the list of a mailbox. */
export const subjectFor = (template: MailTemplate, { displayName }: Named): string =>
  SUBJECTS[template](oneLine(displayName)).slice(0, 200);
