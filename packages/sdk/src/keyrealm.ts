import { browserSupportsWebAuthn } from '@simplewebauthn/browser';
import { authenticateAddress, bindAddress, realmOf } from './addresses.js';
import { authenticate, conditionalAuthenticate } from './authenticate.js';
import { bind } from './bind.js';
import { asKeyrealmError } from './errors.js';
import { getPasskeys, partsOf } from './known.js';
import type { Keyrealm, KeyrealmOptions } from './types.js';

/** @throws TypeError when `issuer` is no address of a realm */
export function createKeyrealm({ issuer }: KeyrealmOptions): Keyrealm {
  const realm = realmOf(issuer);
  const parts = partsOf(realm);
  return {
    isSupported: () => browserSupportsWebAuthn(),
    isBindUrl: (url) => bindAddress(url, realm) !== undefined,
    bind: (url, options = {}) => told(bind(parts, url, options)),
    isAuthenticateUrl: (url) => authenticateAddress(url, realm) !== undefined,
    authenticate: (url, options = {}) => told(authenticate(parts, url, options)),
    conditionalAuthenticate: (url, options = {}) => told(conditionalAuthenticate(parts, url, options)),
    getPasskeys: (options = {}) => told(getPasskeys(parts, options.signal)),
    forgetPasskey: (id) => void parts.remembered.remove(new Set([id])),
  };
}

async function told<T>(outcome: Promise<T>): Promise<T> {
  try {
    return await outcome;
  } catch (error) {
    throw asKeyrealmError(error);
  }
}
