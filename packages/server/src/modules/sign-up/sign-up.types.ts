import { z } from 'zod';
import { addressText, parseAddress } from '../../kernel/address.js';
import { invalid } from '../../kernel/errors.js';
import { comparable, line } from '../../kernel/text.js';
import { registrationResponse } from '../passkeys/passkeys.types.js';

export type { SignUpRow } from './sign-up.queries.js';

const SENTENCES = {
  ADDRESS_TAKEN: 'There is an account with this address by now. Sign in with its passkey.',
  CHALLENGE_INVALID: 'This took too long or was tried twice. Please try again.',
  CODE_WRONG: 'This code is not right, or not valid any more.',
  DOMAIN_NOT_ALLOWED: 'Addresses of this domain can’t sign up here.',
  MODEL_NOT_ALLOWED: 'This authenticator can’t be used here. Please use another one.',
  PASSKEY_REFUSED: 'This passkey was not accepted. Please try again.',
  POLICY_DENIED: 'The policy of this realm does not allow this passkey.',
  RATE_LIMITED: 'There were too many requests from here. Try again in an hour.',
  SIGN_UP_INVALID: 'This sign-up is not valid any more. Please start again.',
  SIGN_UP_OFF: 'Nobody can sign up here by themselves. Ask for an invitation.',
} as const;

export type RefusalCode = keyof typeof SENTENCES;

export interface SignUpRefused {
  readonly result: 'refused';
  readonly code: RefusalCode;
  readonly message: string;
  /** Whether the author of the policy wrote the message for this case: it then goes before the page's own words. */
  readonly written?: boolean;
}

export const refused = (code: RefusalCode, message?: string): SignUpRefused => ({
  result: 'refused',
  code,
  message: message ?? SENTENCES[code],
  written: code === 'POLICY_DENIED' && message !== undefined,
});

const token = z.string().min(1).max(100);

export const tokenInput = z.object({ token });
export const codeInput = z.object({ token, code: z.string().max(20) });
export const askInput = z.object({
  email: z.string().max(320),
  applicationId: z.string().max(100).nullable(),
  interactionId: z.string().max(100).nullable(),
});

/** Who the person wants to be; the username is the address unless said. */
const person = { displayName: line(256), username: line(256).nullish() };
export const optionsInput = z.object({ token, ...person });
export const verifyInput = z.object({
  token,
  ...person,
  challengeId: z.string().max(64),
  response: registrationResponse,
});

/**
 * Applications and people read a username that is an address as the address of whoever bears it, and its owner could
 * not sign up any more: such a name is the address that was proved, or none.
 * @throws DomainError INVALID_INPUT
 */
export function refuseOthersAddress(username: string, proved: string): void {
  if (!comparable(username).includes('@')) return;
  const named = parseAddress(username);
  if (named && comparable(addressText(named)) === comparable(proved)) return;
  throw invalid(
    'A username with an “@” has to be the address that you proved. Choose another one.',
    'username',
  );
}
