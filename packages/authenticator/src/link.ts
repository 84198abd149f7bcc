/** A link names its secret behind `#`, so that it reaches no server log and no referrer. */
const START = '#token=';

/** What the address bar says: a whole link, a damaged one, or none. */
export type Link =
  | { readonly kind: 'whole'; readonly token: string }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'absent' };

/** @param hash of the page's address, with its `#` */
export function parseLink(hash: string): Link {
  if (!hash.startsWith(START)) return { kind: 'absent' };
  const token = hash.slice(START.length);
  return /^[\w-]{20,100}$/.test(token) ? { kind: 'whole', token } : { kind: 'damaged' };
}

/** Takes the secret out of the address bar, and keeps it over a reload in this tab alone. */
export function takeToken(): string | undefined {
  const link = parseLink(location.hash);
  if (link.kind === 'absent') return kept((storage) => storage.getItem(keyOf())) ?? undefined;
  history.replaceState(null, '', location.pathname);
  // A damaged link is refused; the one before it in this tab may have been for somebody else.
  if (link.kind === 'damaged') return dropToken();
  kept((storage) => storage.setItem(keyOf(), link.token));
  return link.token;
}

/** The address of the page as it was given, to be opened elsewhere. */
export const linkOf = (token: string): string => `${location.href.split('#', 1)[0]}${START}${token}`;

export function dropToken(): undefined {
  kept((storage) => storage.removeItem(keyOf()));
}

const keyOf = (): string => `keyrealm.bind ${location.pathname}`;

/** A browser that lets nothing be kept can bind a passkey all the same, only not after a reload. */
function kept<T>(use: (storage: Storage) => T): T | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
