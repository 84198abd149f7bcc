import type { Realm } from './addresses.js';
import { forgetInBrowser } from './ceremonies.js';
import { checkSignal, KeyrealmError } from './errors.js';
import { createRemembered, type Passkey, type Remembered, shown } from './remembered.js';
import { createServer, type Server } from './server.js';

/** What every function of a realm works with. */
export interface Parts {
  readonly realm: Realm;
  readonly server: Server;
  readonly remembered: Remembered;
}

export const partsOf = (realm: Realm): Parts => ({
  realm,
  server: createServer(realm),
  remembered: createRemembered(realm.id, () => localStorage),
});

/** The server's word is final: what it doesn't know is offered by nobody any more. */
export function drop({ remembered }: Parts, ids: ReadonlySet<string>): void {
  for (const { relyingPartyId, id } of remembered.remove(ids)) forgetInBrowser(relyingPartyId, id);
}

/** @throws KeyrealmError ABORTED alone: without an answer the list is what it was */
export async function getPasskeys(parts: Parts, signal: AbortSignal | undefined): Promise<Passkey[]> {
  const ids = parts.remembered.read().map(({ id }) => id);
  if (ids.length === 0) return [];
  try {
    const accepted = new Set(await parts.server.accepted(ids, signal));
    drop(parts, new Set(ids.filter((id) => !accepted.has(id))));
  } catch (error) {
    checkSignal(signal);
    if (!(error instanceof KeyrealmError)) throw error;
  }
  return parts.remembered.read().map(shown);
}
