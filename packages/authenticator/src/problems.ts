import { Refusal } from './api.js';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly correlationId: string | undefined;
}

type Sentence = readonly [code: string, message: string];

const CANCELLED: Sentence = [
  'CANCELLED',
  'Nothing happened: it was cancelled, or took too long. Try again when you are ready.',
];
const NO_AUTHENTICATOR: Sentence = [
  'NO_AUTHENTICATOR',
  'This device can’t make such a passkey. It needs a screen lock or a PIN, or use another device.',
];

/** By the name of what the browser throws (WebAuthn Level 3, sections 5.1.3 and 5.1.4); the library keeps it. */
const SENTENCES: ReadonlyMap<string, Sentence> = new Map<string, Sentence>([
  ['NotAllowedError', CANCELLED],
  ['AbortError', CANCELLED],
  [
    'InvalidStateError',
    [
      'ALREADY_BOUND',
      'This device has a passkey for this account already. Sign in with it, or use another device.',
    ],
  ],
  [
    'SecurityError',
    ['WRONG_ADDRESS', 'Passkeys don’t work at this address. Open the page at the address you were given.'],
  ],
  ['ConstraintError', NO_AUTHENTICATOR],
  ['NotSupportedError', NO_AUTHENTICATOR],
]);

/** Whatever went wrong, as a sentence that says what to do. The browser's own words are never shown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal)
    return { code: error.code, message: error.message, correlationId: error.correlationId };
  const [code, message] = SENTENCES.get(error instanceof Error ? error.name : '') ?? [
    'UNKNOWN',
    'The passkey could not be used. Please try again.',
  ];
  return { code, message, correlationId: undefined };
}
