import { describe, expect, it } from 'vitest';
import { createCatalogue } from './catalogue.js';
import { directionOf, LANGUAGES, languageFor } from './language.js';
import { de as accountDe } from './messages/account/de.js';
import { en as accountEn } from './messages/account/en.js';
import { es as accountEs } from './messages/account/es.js';
import { fr as accountFr } from './messages/account/fr.js';
import { ja as accountJa } from './messages/account/ja.js';
import { de } from './messages/de.js';
import { en } from './messages/en.js';
import { es } from './messages/es.js';
import { fr } from './messages/fr.js';
import { speak, timeText } from './messages/index.js';
import { ja } from './messages/ja.js';
import { turn } from './view.js';
import { type Message, piecesOf, type Translation } from './words.js';

const slotsOf = (message: Message): string[] =>
  piecesOf(typeof message === 'string' ? message : message.other)
    .filter((_piece, at) => at % 2 === 1)
    .sort();

describe('the language of a page', () => {
  it.each([
    [['de-AT', 'en'], 'de'],
    [['pt-BR', 'es-419', 'en'], 'es'],
    [['ZH', 'JA-jp'], 'ja'],
    [['fr_CA'], 'fr'],
    [['pt', 'tlh', '*'], 'en'],
    [['', '-', 'x'], 'en'],
    [[], 'en'],
  ] as const)('of %j is %s', (wanted, language) => {
    expect(languageFor(wanted)).toBe(language);
  });

  it('runs from the right where its script does', () => {
    for (const language of LANGUAGES) expect(directionOf(language)).toBe('ltr');
    for (const language of ['ar', 'ar-EG', 'he', 'fa-IR', 'ur']) expect(directionOf(language)).toBe('rtl');
    for (const language of ['arn', 'fr-AR', 'hello']) expect(directionOf(language)).toBe('ltr');
    const root = { lang: '', dir: '' };
    turn(root, 'ar-x-made-up');
    expect(root).toEqual({ lang: 'ar-x-made-up', dir: 'rtl' });
  });
});

type Sentences = Readonly<Record<string, Message>>;

/** Each part of the pages in each language. */
const PARTS: readonly (readonly [part: string, language: string, theirs: Sentences, english: Sentences])[] = [
  ...Object.entries({ de, es, fr, ja }).map(([language, theirs]) => ['pages', language, theirs, en] as const),
  ...Object.entries({ de: accountDe, es: accountEs, fr: accountFr, ja: accountJa }).map(
    ([language, theirs]) => ['account', language, theirs, accountEn] as const,
  ),
];

describe('translations', () => {
  it.each(PARTS)(
    'of the %s into %s say all that English says, with the same slots',
    (_part, _to, theirs, english) => {
      expect(Object.keys(theirs).sort()).toEqual(Object.keys(english).sort());
      for (const [key, message] of Object.entries(english)) {
        const other = theirs[key] ?? '';
        expect([key, slotsOf(other)]).toEqual([key, slotsOf(message)]);
        expect(other, key).not.toBe('');
      }
    },
  );

  it.each(PARTS)('of the %s into %s leave no sentence in English', (_part, _to, theirs, english) => {
    for (const [key, message] of Object.entries(english))
      if (String(message).includes(' ')) expect(theirs[key], key).not.toBe(message);
  });
});

describe('a sentence', () => {
  const english = {
    left: { one: '{count} link is left', other: '{count} links are left' },
    to: 'from {here} to {there}',
    plain: 'Yes',
  } as const;
  const german: Translation<typeof english> = {
    left: { one: '{count} Link ist übrig', other: '{count} Links sind übrig' },
    to: 'nach {there} von {here}',
    plain: 'Ja',
  };
  const words = createCatalogue<typeof english>({
    en: async () => english,
    de: async () => german,
    es: async () => english,
    fr: async () => english,
    ja: async () => english,
  });

  it('takes the plural that its language has for a count, and writes the number as it does', async () => {
    await words.speak(['en']);
    expect(words.t('left', { count: 1 })).toBe('1 link is left');
    expect(words.t('left', { count: 1234 })).toBe('1,234 links are left');
    await words.speak(['de']);
    expect(words.t('left', { count: 0 })).toBe('0 Links sind übrig');
    expect(words.t('left', { count: 1234 })).toBe('1.234 Links sind übrig');
  });

  it('puts each value into its slot, whatever the order, and reads no slot out of a value', async () => {
    await words.speak(['de']);
    expect(words.t('to', { here: '{there}', there: '$&' })).toBe('nach $& von {there}');
    expect(words.t('plain')).toBe('Ja');
  });

  it('is refused by the compiler without its slots, and a translation without one of its own', () => {
    // @ts-expect-error a slot is missing
    words.t('to', { here: 'a' });
    // @ts-expect-error the slot {there} is missing in the translation
    const broken: Translation<typeof english> = { ...german, to: 'von {here}' };
    // @ts-expect-error a sentence is missing
    const short: Translation<typeof english> = { left: german.left, to: german.to };
    expect([broken, short]).toHaveLength(2);
  });
});

describe('a time', () => {
  it.each([
    [['pt-BR', 'en-GB'], /^2 December 2026 at \d\d:\d\d$/],
    [['en-US', 'en-GB'], /^December 2, 2026 at \d+:\d\d.[AP]M$/],
    [['zh-TW'], /^December 2, 2026 at /],
    [['de-AT-u-hc-h12', 'de-AT'], /^2. Dezember 2026 um \d\d:\d\d$/],
  ])('is written as in the country of %j', async (wanted, manner) => {
    await speak(wanted);
    expect(timeText('2026-12-02T12:00:00Z')).toMatch(manner);
  });
});
