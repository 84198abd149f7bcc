/** What the browser or the person made of it. */
const LOCAL_CODES = [
  /** The caller's signal was aborted, or another ceremony on the page took over. */
  'ABORTED',
  /** A passkey for this account is on the device already. */
  'ALREADY_BOUND',
  /** The person closed the browser's dialogue, or let it time out. */
  'CANCELLED',
  /** The address is no link of this realm, or a damaged one. */
  'INVALID_URL',
  /** The device can't make or use such a passkey; it needs a screen lock or a PIN. */
  'NO_AUTHENTICATOR',
  /** Passkeys are to be offered in a field, and the page has none for them. */
  'NO_INPUT',
  /** The browser knows no passkeys, or can't offer them in a field. */
  'UNSUPPORTED',
  /** The browser doesn't let this page use passkeys of the realm's relying party. */
  'WRONG_ORIGIN',
  /** The device failed in a way that has no name. */
  'UNKNOWN',
  /** No answer: no network, or a realm that doesn't trust this page's origin. A browser tells the two apart for nobody. */
  'UNREACHABLE',
] as const;

/** What the realm refused. */
const SERVER_CODES = [
  /** The challenge took longer than five minutes or was answered before: start again. */
  'CHALLENGE_INVALID',
  /** The sign-in is over, or was finished already: begin a new authorization. */
  'INTERACTION_EXPIRED',
  'LINK_EXPIRED',
  'LINK_INVALID',
  /** The person can do more by now than when the link was made. */
  'LINK_OUTGROWN',
  'LINK_REVOKED',
  'LINK_USED',
  /** The realm takes no authenticators of this model, or only such that prove theirs; the message says which. */
  'MODEL_NOT_ALLOWED',
  /** The realm trusts no page of this origin. From a browser it mostly shows as `UNREACHABLE`. */
  'ORIGIN_NOT_TRUSTED',
  /** What the device answered was not accepted, or the account can't be used. */
  'PASSKEY_REFUSED',
  /** The realm doesn't know the passkey, or it was revoked. */
  'PASSKEY_UNKNOWN',
  /** The policy of the realm doesn't allow it. */
  'POLICY_DENIED',
  /** Too many attempts: wait a minute. */
  'RATE_LIMITED',
  /** Something is wrong on the realm's side; also what a newer server says that this version doesn't know. */
  'INTERNAL',
] as const;

/** Stable: a code is never given another meaning. New ones may come with a minor version. */
export type KeyrealmErrorCode = (typeof LOCAL_CODES)[number] | (typeof SERVER_CODES)[number];

/** The one error of this package. */
export class KeyrealmError extends Error {
  override readonly name = 'KeyrealmError';
  /** What happened, for your program. */
  readonly code: KeyrealmErrorCode;
  /** Names the whole flow in the realm's events: show it to the person, so that support can find it. */
  readonly correlationId: string | undefined;

  /** @param cause the browser's own error, where there is one */
  constructor(
    code: KeyrealmErrorCode,
    message: string,
    options: { correlationId?: string; cause?: unknown } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.correlationId = options.correlationId;
  }
}

/** By the name of what the browser throws (WebAuthn Level 3, sections 5.1.3 and 5.1.4). */
const BY_NAME: ReadonlyMap<string, readonly [KeyrealmErrorCode, string]> = new Map([
  ['NotAllowedError', ['CANCELLED', 'It was cancelled, or took too long.']],
  ['AbortError', ['ABORTED', 'It was given up for another.']],
  ['InvalidStateError', ['ALREADY_BOUND', 'This device has a passkey for this account already.']],
  ['SecurityError', ['WRONG_ORIGIN', 'This page may not use passkeys of the realm.']],
  ['ConstraintError', ['NO_AUTHENTICATOR', 'This device can’t make such a passkey.']],
  ['NotSupportedError', ['NO_AUTHENTICATOR', 'This device can’t make such a passkey.']],
]);

/** Whatever a ceremony threw, as our error. */
export function asKeyrealmError(error: unknown): KeyrealmError {
  if (error instanceof KeyrealmError) return error;
  const [code, message] = BY_NAME.get(error instanceof Error ? error.name : '') ?? [
    'UNKNOWN' as const,
    'The passkey could not be used.',
  ];
  return new KeyrealmError(code, message, { cause: error });
}

/** @param answer whatever the server said; only what has the shape of its errors is used */
export function refusalOf(answer: unknown): KeyrealmError {
  const error: unknown = Reflect.get(Object(answer), 'error');
  const field = (name: string): string | undefined => {
    const value: unknown = Reflect.get(Object(error), name);
    return typeof value === 'string' ? value : undefined;
  };
  const code = SERVER_CODES.find((known) => known === field('code')) ?? 'INTERNAL';
  const correlationId = field('correlationId');
  return new KeyrealmError(code, field('message') ?? 'Something went wrong on the realm’s side.', {
    ...(correlationId === undefined ? {} : { correlationId }),
  });
}

/** @throws KeyrealmError ABORTED when the caller has given up */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new KeyrealmError('ABORTED', 'It was given up.', { cause: signal.reason });
}

export const invalidUrl = (kind: string): KeyrealmError =>
  new KeyrealmError('INVALID_URL', `This is no ${kind} address of the realm.`);
