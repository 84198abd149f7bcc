/** What went wrong, in the words that every protocol can translate. */
export type ErrorKind =
  | 'invalid'
  | 'conflict'
  | 'precondition'
  | 'not_found'
  | 'unauthenticated'
  | 'forbidden'
  | 'rate_limited'
  | 'internal';

/** Stable codes of expected failures; part of the public contract. */
export const ERROR_CODES = [
  'ADMIN_LOCKOUT',
  'AMBIGUOUS_MATCH',
  'ATTRIBUTES_WOULD_BREAK',
  'BINDING_JOB_CLOSED',
  'DOMAIN_NOT_PROVEN',
  'DOMAIN_TAKEN',
  'DUPLICATE_LINE',
  'EMAIL_MISSING',
  'FORBIDDEN',
  'GROUP_NAME_TAKEN',
  'INTERNAL',
  'INVALID_INPUT',
  'IDENTIFIER_TAKEN',
  'IN_USE',
  'LAST_PASSKEY',
  'LIMIT_REACHED',
  'MANAGED_OBJECT',
  'NOT_FOUND',
  'NOT_PROVISIONED',
  'ORIGIN_NOT_TRUSTED',
  'PROVISIONING_PAUSED',
  'RATE_LIMITED',
  'REAUTHENTICATION_REQUIRED',
  'ROLE_NAME_TAKEN',
  'SCOPE_NOT_HELD',
  'TOKEN_NAME_TAKEN',
  'TOO_SOON',
  'UNAUTHENTICATED',
  'USERNAME_TAKEN',
  'VERSION_MISMATCH',
  'WRONG_STATE',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

export interface FieldProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/**
 * The one error of the domain. `message` is public by construction; what only the log may know goes into `cause`.
 * Each edge translates it into its protocol; nobody else does.
 */
export class DomainError extends Error {
  readonly kind: ErrorKind;
  readonly code: ErrorCode;
  readonly path: readonly string[] | undefined;
  /** More than one field at fault; the first is also `path` and `message`. */
  readonly problems: readonly FieldProblem[];

  constructor(
    kind: ErrorKind,
    code: ErrorCode,
    message: string,
    options: { path?: readonly string[]; problems?: readonly FieldProblem[]; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.name = 'DomainError';
    this.kind = kind;
    this.code = code;
    this.path = options.path;
    this.problems = options.problems ?? [];
  }
}

export const invalid = (message: string, ...path: string[]): DomainError =>
  new DomainError('invalid', 'INVALID_INPUT', message, { path });

/** Also the answer for what exists and is not the caller's: the two must not differ. */
export const notFound = (noun: string): DomainError =>
  new DomainError('not_found', 'NOT_FOUND', `There is no such ${noun}.`);

export const forbidden = (message: string): DomainError => new DomainError('forbidden', 'FORBIDDEN', message);

export const versionMismatch = (noun: string): DomainError =>
  new DomainError(
    'precondition',
    'VERSION_MISMATCH',
    `This ${noun} was changed by someone else meanwhile. Load it again, then repeat your change.`,
    { path: ['ifVersion'] },
  );

export const managedObject = (noun: string): DomainError =>
  new DomainError(
    'forbidden',
    'MANAGED_OBJECT',
    `This ${noun} belongs to Keyrealm itself and can't be changed here.`,
  );
