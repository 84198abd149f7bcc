import type { Passkey } from './remembered.js';

export interface KeyrealmOptions {
  /**
   * The realm that your application belongs to: `https://id.example.com/realms/{id}`. Write it into your own
   * configuration. An address that a person was sent must never choose whose challenge they answer.
   */
  readonly issuer: string;
}

export interface BindOptions {
  /** Gives the ceremony up: it rejects with `ABORTED`. */
  readonly signal?: AbortSignal;
}

/** A passkey that is ready. */
export interface Bound {
  readonly passkey: Passkey;
  /** Where the link says that the person goes afterwards. */
  readonly redirectUrl: string | undefined;
}

export interface AuthenticateOptions {
  /**
   * Asked which of the passkeys that this browser bound is wanted, where it bound any; undefined leaves the choice to
   * the browser, which may know more.
   */
  readonly onSelect?: (
    passkeys: readonly Passkey[],
  ) => Pick<Passkey, 'id'> | undefined | Promise<Pick<Passkey, 'id'> | undefined>;
  /** Gives the ceremony up: it rejects with `ABORTED`. */
  readonly signal?: AbortSignal;
}

export interface ConditionalOptions {
  /** The field that offers the passkeys; any of the page whose `autocomplete` ends in `webauthn` unless said. */
  readonly input?: HTMLInputElement;
  /** Takes the offer back: it rejects with `ABORTED`. */
  readonly signal?: AbortSignal;
}

export interface Authenticated {
  /** Go there with the browser, within a minute: it leads to your redirect URI with the code. */
  readonly redirectUrl: string;
}

/** A realm's passkeys on your page. Every promise rejects with a `KeyrealmError`. */
export interface Keyrealm {
  /** Whether this browser knows passkeys. */
  isSupported(): boolean;
  /** Whether an address asks to bind a passkey of this realm. */
  isBindUrl(url: string | URL): boolean;
  /** Makes a passkey and binds it through the link; the link is spent by success alone. */
  bind(url: string | URL, options?: BindOptions): Promise<Bound>;
  /** Whether an address asks to sign in to this realm. */
  isAuthenticateUrl(url: string | URL): boolean;
  /** Signs in with a passkey, in the browser's own dialogue. Call it from a click. */
  authenticate(url: string | URL, options?: AuthenticateOptions): Promise<Authenticated>;
  /**
   * Offers passkeys in a field for as long as the page is open, and resolves when one was taken. `authenticate` ends
   * the offer, which then rejects with `ABORTED`.
   */
  conditionalAuthenticate(url: string | URL, options?: ConditionalOptions): Promise<Authenticated>;
  /**
   * The passkeys that this browser bound for the realm, the newest first. What the realm doesn't accept any more is
   * forgotten, here and by the browser; without an answer the list is what it was.
   */
  getPasskeys(options?: { readonly signal?: AbortSignal }): Promise<Passkey[]>;
  /** Takes a passkey off the list of this browser. The passkey itself stays what it is. */
  forgetPasskey(id: string): void;
}
