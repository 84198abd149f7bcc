export const LANGUAGES = ['en', 'de', 'es', 'fr', 'ja'] as const;
export type Language = (typeof LANGUAGES)[number];

/**
 * The first wanted language that we speak (RFC 4647, section 3.4: `de-AT` falls back to `de`); English where there is none.
 * @param wanted BCP 47 tags, the dearest first
 */
export function languageFor(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const primary = tag.trim().toLowerCase().split(/[-_]/)[0];
    const spoken = LANGUAGES.find((language) => language === primary);
    if (spoken) return spoken;
  }
  return 'en';
}

/** Whether it is one that Intl takes. */
export const isTag = (tag: string): boolean => /^[a-z]{2}(-[A-Z][a-z]{3})?(-([A-Z]{2}|\d{3}))?$/.test(tag);

const RIGHT_TO_LEFT = /^(ar|az-arab|ckb|dv|fa|he|iw|ku-arab|pa-arab|ps|sd|ug|ur|yi)(-|$)/i;

export const directionOf = (language: string): 'ltr' | 'rtl' =>
  RIGHT_TO_LEFT.test(language) ? 'rtl' : 'ltr';
