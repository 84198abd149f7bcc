/** How a count is put into words: one sentence for each plural of the language; what is missing says `other`. */
export interface Counted {
  readonly zero?: string;
  readonly one?: string;
  readonly two?: string;
  readonly few?: string;
  readonly many?: string;
  readonly other: string;
}

/** A sentence with `{slots}`; a counted one has the slot `{count}`. */
export type Message = string | Counted;

/** The names of the slots in a sentence. */
export type Slots<M> = M extends { readonly other: infer S }
  ? Slots<S>
  : M extends `${string}{${infer Name}}${infer Rest}`
    ? Name | Slots<Rest>
    : never;

/** Whatever fills all of the slots, whichever comes first. */
type Filled<Name> = (
  Name extends string
    ? (sentence: `${string}{${Name}}${string}`) => void
    : never
) extends (sentence: infer S) => void
  ? S
  : never;

type Translated<M> = [Slots<M>] extends [never] ? string : Filled<Slots<M>>;

/** What another language has to say: every sentence, with the slots of the English one. */
export type Translation<E> = {
  readonly [K in keyof E]: E[K] extends Counted
    ? Omit<Counted, 'other'> & { readonly other: Translated<E[K]> }
    : Translated<E[K]>;
};

export type Values<M, V> = [Slots<M>] extends [never] ? [] : [values: { readonly [S in Slots<M>]: V }];

const SLOT = /\{(\w+)\}/;

/** @returns the plain pieces at even places, the names of slots at odd ones */
export const piecesOf = (sentence: string): string[] => sentence.split(SLOT);

/** @param language decides which plural a count takes, and how it is written */
export function sentenceFor(message: Message, language: string, count: unknown): string {
  if (typeof message === 'string') return message;
  return (
    (typeof count === 'number' && message[new Intl.PluralRules(language).select(count)]) || message.other
  );
}

export const written = (value: string | number, language: string): string =>
  typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
