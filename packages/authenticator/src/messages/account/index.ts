import { createCatalogue } from '../../catalogue.js';
import type { en } from './en.js';

/** What a person's own page says; nobody else fetches it. */
export const account = createCatalogue<typeof en>({
  en: async () => (await import('./en.js')).en,
  de: async () => (await import('./de.js')).de,
  es: async () => (await import('./es.js')).es,
  fr: async () => (await import('./fr.js')).fr,
  ja: async () => (await import('./ja.js')).ja,
});
