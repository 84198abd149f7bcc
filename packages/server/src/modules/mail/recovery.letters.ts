import type { Theme } from '../themes/themes.service.js';
import { letter, momentOf, oneLine } from './mail.letters.js';
import { subjectFor } from './mail.subjects.js';
import type { Letter, Written } from './mail.types.js';

const NOT_ME = 'This was not me';

/** Tells every address of a person that somebody wants a new passkey for them, in time to say no. */
export const recoveryRequestedLetter = (
  about: { name: string; stopLink: string; readyAt: Date; revokes: boolean; waits: boolean },
  theme: Theme,
): Written =>
  letter(theme, {
    title: subjectFor('RECOVERY_REQUESTED', theme),
    name: about.name,
    paragraphs: [
      `somebody who says that they are you and lost their passkey asked for a new one for ${oneLine(theme.displayName)}.`,
      about.waits
        ? `If it was you, there is nothing to do now: a link will come to the address that was given, after ${momentOf(about.readyAt)}.`
        : 'If it was you, there is nothing to do here: a link comes to the address that was given.',
      ...(about.revokes ? ['Once the new passkey is set up, all your old ones stop working.'] : []),
      'If it was not you, stop it now:',
    ],
    button: { label: NOT_ME, link: about.stopLink },
    foot: ['Whoever opens this link can do nothing but stop it.'],
  });

/** The link itself, sent when the waiting is over. */
export const recoveryLetter = ({ name, link, expiresAt }: Letter, theme: Theme): Written =>
  letter(theme, {
    title: subjectFor('RECOVERY_LINK', theme),
    name,
    paragraphs: [
      `you lost your passkey for ${oneLine(theme.displayName)}. With this link you set up a new one, on the device that you open it with.`,
    ],
    button: { label: 'Set up a new passkey', link },
    after: [`The link works once, until ${momentOf(expiresAt)}. Pass it on to nobody.`],
    foot: ['If you did not ask for this, do not open the link, and tell whoever looks after your account.'],
  });

/** Tells every address that it is done, and lets the person take it back. */
export const recoveryCompletedLetter = (
  about: { name: string; undoLink: string; until: Date; passkeyName: string; revoked: boolean },
  theme: Theme,
): Written =>
  letter(theme, {
    title: subjectFor('RECOVERY_COMPLETED', theme),
    name: about.name,
    paragraphs: [
      `a new passkey (${oneLine(about.passkeyName)}) was added to your account at ${oneLine(theme.displayName)}, because its owner said that they lost theirs.`,
      ...(about.revoked ? ['Your old passkeys do not work any more.'] : []),
      `If it was not you, take it back, until ${momentOf(about.until)}. The new passkey then stops working at once:`,
    ],
    button: { label: NOT_ME, link: about.undoLink },
    foot: ['If it was you, there is nothing to do.'],
  });
