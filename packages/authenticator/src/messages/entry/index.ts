import { createCatalogue } from '../../catalogue.js';
import type { en } from './en.js';

/** What the pages say that lead in without a passkey: a lost one, and signing up. */
export const entry = createCatalogue<typeof en>({
  en: async () => (await import('./en.js')).en,
  de: async () => (await import('./de.js')).de,
  es: async () => (await import('./es.js')).es,
  fr: async () => (await import('./fr.js')).fr,
  ja: async () => (await import('./ja.js')).ja,
});
