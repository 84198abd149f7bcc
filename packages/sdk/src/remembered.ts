/** A passkey that was bound in this browser. */
export interface Passkey {
  /** Its credential id, base64url. */
  readonly id: string;
  /** Its authenticator, in words. */
  readonly name: string;
  readonly realm: { readonly id: string; readonly displayName: string };
  readonly identity: { readonly username: string; readonly displayName: string };
  /** ISO 8601. */
  readonly createdAt: string;
}

/** What only we need to know of it. */
export interface Kept extends Passkey {
  readonly relyingPartyId: string;
}

type Store = Pick<Storage, 'getItem' | 'setItem'>;

/** The oldest go: the list is a help for choosing, not a record. */
const AT_MOST = 50;

export type Remembered = ReturnType<typeof createRemembered>;

/**
 * The passkeys that this browser bound for one realm, in the page's own storage. A browser that lets nothing be kept
 * forgets them, and everything else works.
 * @param open finds the storage; it may throw
 */
export function createRemembered(realmId: string, open: () => Store) {
  const key = `keyrealm.passkeys.${realmId}`;

  function read(): Kept[] {
    try {
      const value: unknown = JSON.parse(open().getItem(key) ?? '[]');
      return Array.isArray(value) ? value.filter(isKept) : [];
    } catch {
      return [];
    }
  }

  function write(all: readonly Kept[]): void {
    try {
      open().setItem(key, JSON.stringify(all.slice(0, AT_MOST)));
    } catch {
      // Nothing can be kept here.
    }
  }

  return {
    /** The newest first. */
    read,
    add: (passkey: Kept): void => write([passkey, ...read().filter(({ id }) => id !== passkey.id)]),
    /** @returns those that were there and are gone now */
    remove(ids: ReadonlySet<string>): Kept[] {
      const all = read();
      const gone = all.filter(({ id }) => ids.has(id));
      if (gone.length > 0) write(all.filter(({ id }) => !ids.has(id)));
      return gone;
    },
  };
}

/** Another version of us, or another script of the page, may have written it. */
function isKept(value: unknown): value is Kept {
  const text = (of: unknown, name: string): boolean => typeof Reflect.get(Object(of), name) === 'string';
  const of = (name: string): unknown => Reflect.get(Object(value), name);
  return (
    ['id', 'name', 'createdAt', 'relyingPartyId'].every((name) => text(value, name)) &&
    ['id', 'displayName'].every((name) => text(of('realm'), name)) &&
    ['username', 'displayName'].every((name) => text(of('identity'), name))
  );
}

/** Without what is ours alone. */
export const shown = ({ id, name, realm, identity, createdAt }: Kept): Passkey => ({
  id,
  name,
  realm,
  identity,
  createdAt,
});
