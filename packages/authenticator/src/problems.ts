import { Refusal } from './api.js';
import { refusalText, t } from './messages/index.js';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly correlationId: string | undefined;
}

/** Our code for what the browser throws (WebAuthn Level 3, sections 5.1.3 and 5.1.4), by its name; the library keeps it. */
const CODES: ReadonlyMap<string, string> = new Map([
  ['NotAllowedError', 'CANCELLED'],
  ['AbortError', 'CANCELLED'],
  ['InvalidStateError', 'ALREADY_BOUND'],
  ['SecurityError', 'WRONG_ADDRESS'],
  ['ConstraintError', 'NO_AUTHENTICATOR'],
  ['NotSupportedError', 'NO_AUTHENTICATOR'],
]);

/** Whatever went wrong, as a sentence that says what to do. The browser's own words are never shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal)
    return { code: error.code, message: wordsOf(error), correlationId: error.correlationId };
  return problem(CODES.get(error instanceof Error ? error.name : '') ?? 'UNKNOWN');
}

/** A problem that this page found by itself. @param code one of the sentences `error.CODE` */
export const problem = (code: string): Problem => ({
  code,
  message: refusalText(code, t('error.UNKNOWN')),
  correlationId: undefined,
});

/** What an administrator wrote for the person goes before our own words. */
const wordsOf = (refusal: Refusal): string =>
  refusal.written ? refusal.message : refusalText(refusal.code, refusal.message || t('error.INTERNAL'));
