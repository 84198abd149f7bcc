import { z } from 'zod';
import { invalid } from '../../kernel/errors.js';
import { ifVersion, line } from '../../kernel/text.js';
import { type Colours, contrastsOf } from './contrast.js';
import type { MailTemplate } from './themes.types.js';

const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'A colour is written as #rrggbb.')
  .transform((value) => value.toLowerCase());

const supportEmail = z
  .string()
  .max(254, 'At most 254 characters.')
  .regex(/^[^\s@<>()[\]\\,;:"?&%]+@[^\s@<>()[\]\\,;:"?&%]+$/, 'This is not an e-mail address.');

/** Read by a browser and by people: an address of the web, with nobody's password in it. */
const supportUrl = line(2000).refine((value) => {
  const url = URL.parse(value);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}, 'This must be an address that begins with https://.');

/** Mails of a realm whose subject it may word itself; the compiler asks for every one. */
const TEMPLATES: Readonly<Record<MailTemplate, true>> = {
  BINDING_LINK: true,
  RECOVERY_REQUESTED: true,
  RECOVERY_LINK: true,
  RECOVERY_COMPLETED: true,
  SIGN_UP_LINK: true,
  SIGN_UP_CODE: true,
  SIGN_UP_TAKEN: true,
};
export const MAIL_TEMPLATES = Object.keys(TEMPLATES) as MailTemplate[];

const subject = z.object({ template: z.enum(MAIL_TEMPLATES), subject: line(200).nullish() });

export const updateInput = z.object({
  displayName: line(100).nullish(),
  supportEmail: supportEmail.nullish(),
  supportUrl: supportUrl.nullish(),
  primaryColor: colour.nullish(),
  backgroundLight: colour.nullish(),
  backgroundDark: colour.nullish(),
  logoAlt: line(200).nullish(),
  mailSubjects: z.array(subject).max(100).nullish(),
  ifVersion,
});

/** Colours to look at. */
export const previewInput = updateInput.pick({
  primaryColor: true,
  backgroundLight: true,
  backgroundDark: true,
});

export const scheme = z.enum(['LIGHT', 'DARK']);

const FIELDS = {
  TEXT_ON_PRIMARY: 'primaryColor',
  TEXT_ON_BACKGROUND_LIGHT: 'backgroundLight',
  TEXT_ON_BACKGROUND_DARK: 'backgroundDark',
} as const;

/** Refuses colours on which nobody could read. What is only a shape is mended by a nearer shade instead. @throws DomainError */
export function requireReadable(colours: Colours): void {
  for (const { pair, ratio, required, passes, nearest } of contrastsOf(colours)) {
    if (passes || pair === 'PRIMARY_ON_BACKGROUND_LIGHT' || pair === 'PRIMARY_ON_BACKGROUND_DARK') continue;
    throw invalid(
      `Text on ${colours[FIELDS[pair]]} has a contrast of ${ratio}:1 and can't be read well; ${required}:1 is needed. ` +
        `The nearest colour that passes is ${nearest}.`,
      FIELDS[pair],
    );
  }
}
