import { de } from './de.js';
import { en } from './en.js';
import { es } from './es.js';
import { fr } from './fr.js';
import { ja } from './ja.js';
import type { Words } from './words.types.js';

export type { Words } from './words.types.js';

const WORDS = { en, de, es, fr, ja } satisfies Record<string, Words>;

export type Language = keyof typeof WORDS;

const isLanguage = (tag: string): tag is Language => Object.hasOwn(WORDS, tag);

/**
 * The first wanted language that letters are written in (RFC 4647, section 3.4); English where there is none.
 * @param wanted BCP 47 tags, or lists of them as in Accept-Language, the dearest first
 */
export function languageFor(...wanted: readonly (string | null | undefined)[]): Language {
  const tags = wanted.flatMap((list) => (list ?? '').split(','));
  return tags.map((tag) => tag.trim().toLowerCase().split(/[-_;]/)[0] ?? '').find(isLanguage) ?? 'en';
}

/** What a person reads best, as their profile says it (RFC 7643, section 4.1.1). */
export const languageOf = (
  profile: { readonly preferredLanguage?: string; readonly locale?: string } | undefined,
): Language => languageFor(profile?.preferredLanguage, profile?.locale);

export const wordsOf = (language: Language): Words => WORDS[language];

/** English as most of the world writes times. */
const TAGS: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de', es: 'es', fr: 'fr', ja: 'ja' };

/** To the minute, in a time that is the same everywhere: nobody knows where the reader is. */
export const momentIn = (language: Language, at: Date): string =>
  `${new Intl.DateTimeFormat(TAGS[language], {
    dateStyle: 'long',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone: 'UTC',
  }).format(at)} UTC`;
