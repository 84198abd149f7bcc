import type { AskRow, RequestRow } from './recovery.queries.js';

export type { AskRow, RequestRow };

/** Why a request came to nothing; for the events, and for nobody who asked. */
export type RefusalReason =
  | 'ADDRESS_CHANGED'
  | 'ALREADY_OPEN'
  | 'AMBIGUOUS_ADDRESS'
  | 'LIMIT'
  | 'LINK_INVALID'
  | 'NO_MAIL_TO_ADDRESS'
  | 'STOPPED_LATELY'
  | 'SUSPENDED'
  | 'SWITCHED_OFF'
  | 'UNKNOWN_ADDRESS';

export interface RecoveryRefused {
  readonly result: 'refused';
  readonly code: 'LINK_INVALID' | 'RATE_LIMITED' | 'RECOVERY_OFF';
  readonly message: string;
}

const SENTENCES = {
  LINK_INVALID: 'This link is not valid any more: what it was for is over.',
  RATE_LIMITED: 'There were too many requests from here. Try again in an hour.',
  RECOVERY_OFF: 'Nobody can help themselves to a new passkey here. Ask whoever looks after your account.',
} as const;

export const refused = (code: RecoveryRefused['code']): RecoveryRefused => ({
  result: 'refused',
  code,
  message: SENTENCES[code],
});
