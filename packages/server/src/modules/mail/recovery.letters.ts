import { letter, plainName } from './mail.letters.js';
import { subjectFor } from './mail.subjects.js';
import { oneLine } from './mail.text.js';
import type { Letter, Look, Written } from './mail.types.js';
import { momentIn, wordsOf } from './words/index.js';

/** Tells every address of a person that somebody wants a new passkey for them, in time to say no. */
export function recoveryRequestedLetter(
  about: { name: string; stopLink: string; readyAt: Date; revokes: boolean; waits: boolean },
  look: Look,
): Written {
  const { recoveryRequested: words, notMe } = wordsOf(look.language);
  return letter(look, {
    title: subjectFor('RECOVERY_REQUESTED', look),
    name: about.name,
    paragraphs: [
      words.asked(oneLine(look.displayName)),
      about.waits ? words.waits(momentIn(look.language, about.readyAt)) : words.comes,
      ...(about.revokes ? [words.revokes] : []),
      words.stop,
    ],
    button: { label: notMe, link: about.stopLink },
    foot: [words.harmless],
  });
}

/** The link itself, sent when the waiting is over. */
export function recoveryLetter({ name, link, expiresAt }: Letter, look: Look): Written {
  const { recoveryLink: words, once } = wordsOf(look.language);
  return letter(look, {
    title: subjectFor('RECOVERY_LINK', look),
    name,
    paragraphs: [words.lost(oneLine(look.displayName))],
    button: { label: words.button, link },
    after: [once(momentIn(look.language, expiresAt))],
    foot: [words.unexpected],
  });
}

/** Tells every address that it is done, and lets the person take it back. */
export function recoveryCompletedLetter(
  about: { name: string; undoLink: string; until: Date; passkeyName: string; revoked: boolean },
  look: Look,
): Written {
  const { recoveryCompleted: words, notMe } = wordsOf(look.language);
  return letter(look, {
    title: subjectFor('RECOVERY_COMPLETED', look),
    name: about.name,
    paragraphs: [
      words.added(plainName(about.passkeyName), oneLine(look.displayName)),
      ...(about.revoked ? [words.revoked] : []),
      words.undo(momentIn(look.language, about.until)),
    ],
    button: { label: notMe, link: about.undoLink },
    foot: [words.expected],
  });
}
