/**
 * Passkeys of Keyrealm on your own page.
 * @module
 */
export { KeyrealmError, type KeyrealmErrorCode } from './errors.js';
export { createKeyrealm } from './keyrealm.js';
export type { Passkey } from './remembered.js';
export type {
  Authenticated,
  AuthenticateOptions,
  BindOptions,
  Bound,
  ConditionalOptions,
  Keyrealm,
  KeyrealmOptions,
} from './types.js';
