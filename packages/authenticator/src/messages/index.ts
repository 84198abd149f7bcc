/**
 * What the hosted pages say.
 *
 * A new sentence: add its key to `en.ts` and to every other language beside it; until then nothing compiles.
 * `{slots}` are filled by `t('key', { slot })` as text or `rich('key', { slot: element })` as nodes; a sentence
 * about a number is `{ one: '…', other: '{count} …' }`. A code that the server refuses with is `error.CODE`; one
 * without a sentence here shows the server's own.
 *
 * A page with many sentences of its own (an account page) keeps them in a folder of its own with the same six files,
 * so that nobody else fetches them: `messages/account/{index,en,de,es,fr,ja}.ts`, spoken by
 * `await account.speak([language()])` before its first sentence.
 *
 * A new language: `LANGUAGES` in `language.ts`, then a file here and in each folder; nothing compiles before.
 */
import { createCatalogue } from '../catalogue.js';
import { isTag, type Language } from '../language.js';
import type { en } from './en.js';

const pages = createCatalogue<typeof en>({
  en: async () => (await import('./en.js')).en,
  de: async () => (await import('./de.js')).de,
  es: async () => (await import('./es.js')).es,
  fr: async () => (await import('./fr.js')).fr,
  ja: async () => (await import('./ja.js')).ja,
});

export const { t, rich } = pages;

let spoken: Language = 'en';
/** Of the person's own country, where they said one: times are written otherwise in each. */
let tag = 'en';

/** The language of this page, for dates and for the sentences of other parts. */
export const language = (): Language => spoken;

/** What the server refused with, in the person's language where we have it there, else in the server's words. */
export const refusalText = (code: string, otherwise: string): string =>
  pages.find(`error.${code}`) ?? otherwise;

/** A time in the person's own zone and manner. @param iso RFC 3339 */
export const timeText = (iso: string): string =>
  new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short' }).format(new Date(iso));

/** Before the first sentence. @param wanted BCP 47 tags: what the application asked for, then what the browser prefers */
export async function speak(wanted: readonly string[]): Promise<Language> {
  spoken = await pages.speak(wanted);
  tag = wanted.find((each) => isTag(each) && each.slice(0, 2) === spoken) ?? spoken;
  return spoken;
}
