import type { AccountApi } from '../account-api.js';
import type { PageRealm } from '../page.js';
import type { Frame } from '../view.js';

/** What the parts of the page work with. */
export interface Desk {
  readonly realm: PageRealm;
  readonly api: AccountApi;
  readonly view: Frame;
  /** Does something and shows how it went; whoever is not signed in any more is asked for the passkey. */
  run(work: () => Promise<void>): Promise<void>;
  /** Everything as it is now, with a word about what was done. @param focus what has the focus then */
  redraw(said: string, focus?: string): Promise<void>;
  /** Asks for the passkey again, and redraws. */
  comeIn(): Promise<void>;
}
