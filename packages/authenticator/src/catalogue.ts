import { type Language, languageFor } from './language.js';
import { type Message, piecesOf, sentenceFor, type Translation, type Values, written } from './words.js';

type Sentences = Readonly<Record<string, Message>>;
type Loaders<E> = Readonly<Record<Language, () => Promise<Translation<E>>>>;

/**
 * All that one part of the pages says, in every language. Only the chosen language is fetched.
 * @typeParam E the English sentences; they say which keys and slots there are
 */
export function createCatalogue<const E extends Sentences>(loaders: Loaders<E>) {
  let language: Language = 'en';
  let sentences: Sentences | undefined;

  const sentence = (key: string, count: unknown): string => {
    const message = sentences?.[key];
    if (message === undefined) throw new Error(`no sentence ${key}`);
    return sentenceFor(message, language, count);
  };

  /** A sentence as text. */
  function t<K extends keyof E & string>(key: K, ...[values]: Values<E[K], string | number>): string {
    const given = values as Readonly<Record<string, string | number>> | undefined;
    return piecesOf(sentence(key, given?.count))
      .map((piece, at) => (at % 2 === 0 ? piece : written(given?.[piece] ?? '', language)))
      .join('');
  }

  /** A sentence with elements in its slots, for `append`. Text in a slot keeps its own direction. */
  function rich<K extends keyof E & string>(key: K, ...[values]: Values<E[K], Node | string>): Node[] {
    const given = values as Readonly<Record<string, Node | string>> | undefined;
    return piecesOf(sentence(key, undefined)).map((piece, at) => {
      if (at % 2 === 0) return document.createTextNode(piece);
      const inner = document.createElement('bdi');
      inner.append(given?.[piece] ?? '');
      return inner;
    });
  }

  return {
    t,
    rich,

    /** The sentence for a key that may be none of ours. */
    find: (key: string): string | undefined =>
      sentences && Object.hasOwn(sentences, key) ? sentence(key, undefined) : undefined,

    /** @param wanted BCP 47 tags, the dearest first. @returns the language that was fetched */
    async speak(wanted: readonly string[]): Promise<Language> {
      const chosen = languageFor(wanted);
      sentences = (await loaders[chosen]()) as Sentences;
      language = chosen;
      return chosen;
    },
  };
}
