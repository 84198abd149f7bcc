import {
  browserSupportsWebAuthn,
  type RegistrationResponseJSON,
  startRegistration,
} from '@simplewebauthn/browser';
import { bindAddress, webAddress } from './addresses.js';
import { demandSupport, forgetInBrowser, takeTurn, withSignal } from './ceremonies.js';
import { invalidUrl, KeyrealmError } from './errors.js';
import type { Parts } from './known.js';
import { type Kept, shown } from './remembered.js';
import type { BindOptions, Bound } from './types.js';

export async function bind(parts: Parts, url: string | URL, { signal }: BindOptions): Promise<Bound> {
  const { realm, server, remembered } = parts;
  const link = bindAddress(url, realm);
  if (!link) throw invalidUrl('binding');
  demandSupport(browserSupportsWebAuthn());
  const { challengeId, options } = await server.registrationOptions(link, signal);
  takeTurn();
  const response = await withSignal(signal, () => startRegistration({ optionsJSON: options }));
  const relyingPartyId = options.rp.id ?? location.hostname;
  const done = await server.register(link, { challengeId, response }, signal).catch((error: unknown) => {
    forgetRefused(error, relyingPartyId, response);
    throw error;
  });
  const kept: Kept = {
    id: response.id,
    name: done.passkey.name,
    realm: { id: realm.id, displayName: options.rp.name },
    identity: { username: options.user.name, displayName: options.user.displayName },
    createdAt: new Date().toISOString(),
    relyingPartyId,
  };
  remembered.add(kept);
  return { passkey: shown(kept), redirectUrl: webAddress(done.redirectTo) };
}

/** The device made a passkey that the server will never accept. Other codes may mean that it was accepted before. */
function forgetRefused(error: unknown, relyingPartyId: string, { id }: RegistrationResponseJSON): void {
  const code = error instanceof KeyrealmError ? error.code : undefined;
  if (code === 'POLICY_DENIED' || code === 'PASSKEY_REFUSED' || code === 'MODEL_NOT_ALLOWED')
    forgetInBrowser(relyingPartyId, id);
}
