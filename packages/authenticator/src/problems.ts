import { WebAuthnError } from '@simplewebauthn/browser';
import { Refusal } from './api.js';

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly correlationId: string | undefined;
}

/** Whatever went wrong, as a sentence that says what to do; undefined when the person only changed their mind. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Refusal)
    return { code: error.code, message: error.message, correlationId: error.correlationId };
  if (error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED')
    return plain(
      'ALREADY_BOUND',
      'This device has a passkey for this account already. Sign in with it, or use another device.',
    );
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'AbortError')
    return plain(
      'CANCELLED',
      'Nothing happened: it was cancelled, or took too long. Try again when you are ready.',
    );
  if (name === 'InvalidStateError')
    return plain(
      'ALREADY_BOUND',
      'This device has a passkey for this account already. Sign in with it, or use another device.',
    );
  if (name === 'SecurityError')
    return plain(
      'WRONG_ADDRESS',
      'Passkeys don’t work at this address. Open the page at the address you were given.',
    );
  if (name === 'ConstraintError' || name === 'NotSupportedError')
    return plain(
      'NO_AUTHENTICATOR',
      'This device can’t make such a passkey. It needs a screen lock or a PIN, or use another device.',
    );
  return plain('UNKNOWN', 'The passkey could not be used. Please try again.');
}

const plain = (code: string, message: string): Problem => ({ code, message, correlationId: undefined });
