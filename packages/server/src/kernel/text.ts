import { z } from 'zod';

/**
 * The form in which names are compared: Unicode's NFKC_Casefold, with the capitals of a letter taken before its small
 * form, so that what differs only in case is one ("ß" and "SS", the two small sigmas), and without what nobody sees.
 */
export const comparable = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKC');

/** Control and format characters: they hide, reorder or imitate; joiners (U+200C, U+200D) belong to words and emoji. */
const HIDDEN = /[\p{Cc}\u2028\u2029]|(?![\u200c\u200d])\p{Cf}/u;

/** One line of text for people. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'This must not be empty.')
    .max(max, `At most ${max} characters.`)
    .refine((value) => !HIDDEN.test(value), 'Control and invisible characters are not allowed.');

/** Text that comes back exactly as it was given; several lines of it where they are allowed. */
export const verbatim = (max: number, lines: 'one' | 'many' = 'one') =>
  z
    .string()
    .refine((value) => value.trim() !== '', 'This must not be empty.')
    .max(max, `At most ${max} characters.`)
    .refine(
      (value) => !HIDDEN.test(lines === 'many' ? value.replace(/[\r\n\t]/g, '') : value),
      'Control and invisible characters are not allowed.',
    );

export const id = z
  .string()
  .refine((value) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value), 'This is not an id.');

export const ifVersion = z.number().int().positive().nullish();

/** The text that a person typed into a search box, as a LIKE pattern with nothing in it that matches more. */
export const likePattern = (text: string): string => `%${comparable(text).replace(/[\\%_]/g, '\\$&')}%`;
