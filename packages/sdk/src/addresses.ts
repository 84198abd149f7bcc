/** A realm by its issuer: your own configuration, never something that an address says. */
export interface Realm {
  readonly issuer: string;
  readonly id: string;
  readonly origin: string;
}

export interface BindAddress {
  readonly job: string;
  readonly token: string;
}

/** @throws TypeError when it is no issuer of a realm */
export function realmOf(issuer: string): Realm {
  const url = new URL(issuer);
  const id = /\/realms\/([0-9a-f-]{36})\/?$/.exec(url.pathname)?.[1];
  if (id === undefined || url.search !== '' || url.hash !== '')
    throw new TypeError('issuer must be the address of a realm, https://…/realms/{id}');
  return { issuer: url.href.replace(/\/$/, ''), id, origin: url.origin };
}

/**
 * What an address asks to be bound: your page's, `…/bind?realm&job#token`, or the link itself before the realm sent it
 * on to your page. @returns undefined for anything else
 */
export function bindAddress(address: string | URL, realm: Realm): BindAddress | undefined {
  const url = parse(address);
  if (!url) return undefined;
  const link = url.origin + url.pathname === `${realm.issuer}/bind`;
  const job = url.searchParams.get('job') ?? '';
  const token = /^#token=([\w-]{20,100})$/.exec(url.hash)?.[1];
  const ours = link || url.searchParams.get('realm') === realm.id;
  return ours && /^[0-9a-f-]{36}$/.test(job) && token !== undefined ? { job, token } : undefined;
}

/** The interaction that an address asks to be signed in to, with its secret. @returns undefined for anything else */
export function authenticateAddress(address: string | URL, realm: Realm): string | undefined {
  const [id, uid = '', secret = '', ...more] = (parse(address)?.searchParams.get('request') ?? '').split('.');
  const right = id === realm.id && /^[\w-]{10,64}$/.test(uid) && /^[\w-]{43}$/.test(secret);
  return right && more.length === 0 ? `${uid}.${secret}` : undefined;
}

/** Where the browser may be sent afterwards: nothing that runs as a script of your page. */
export function webAddress(address: unknown): string | undefined {
  if (typeof address !== 'string') return undefined;
  const url = parse(address);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.href : undefined;
}

function parse(address: string | URL): URL | undefined {
  try {
    return new URL(address);
  } catch {
    return undefined;
  }
}
