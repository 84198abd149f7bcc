import type { Path } from './document.js';

/**
 * What there is in the realm that a policy may name. What is left out is not checked. `attributes` says of each attribute
 * of the realm's schema whether it is text, a number, a truth or a set of texts.
 */
export interface World {
  readonly groups?: ReadonlySet<string>;
  readonly applications?: ReadonlySet<string>;
  readonly authenticatorConfigs?: ReadonlySet<string>;
  readonly identities?: ReadonlySet<string>;
  readonly attributes?: Readonly<Record<string, 'text' | 'number' | 'boolean' | 'textSet'>>;
  /** The moment of the check, RFC 3339: tells which report-only rules are over. */
  readonly now?: string;
}

/** ERROR: the policy can't mean what it says, and is not to be published. WARNING: it can, but is hardly meant so. */
export type Severity = 'ERROR' | 'WARNING';

export type FindingCode =
  | 'CANNOT_READ'
  | 'DUPLICATE_ID'
  | 'UNKNOWN_REFERENCE'
  | 'UNKNOWN_LIST'
  | 'WRONG_LIST_TYPE'
  | 'UNUSED_LIST'
  | 'UNKNOWN_ATTRIBUTE'
  | 'WRONG_ATTRIBUTE_TYPE'
  | 'BAD_NETWORK'
  | 'HOST_BITS'
  | 'BAD_COUNTRY'
  | 'BAD_MODEL'
  | 'BAD_ZONE'
  | 'EMPTY_WINDOW'
  | 'NEVER_MATCHES'
  | 'MATCHES_WITHOUT_FACT'
  | 'NEVER_REACHED'
  | 'SHADOWED'
  | 'REPORT_ONLY_ENDED'
  | 'NOTHING_ALLOWED'
  | 'TOO_MUCH_TO_COMPARE';

/** One thing that the checker found: a stable code, a sentence, the place, and the rule that is to blame for it, if another. */
export interface Finding {
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly message: string;
  readonly path: Path;
  readonly related?: Path;
}
