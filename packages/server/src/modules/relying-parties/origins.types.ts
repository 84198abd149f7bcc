import { getDomain, parse } from 'tldts';

/** Domains under which people register their own, such as github.io, count as public too: browsers hold to that. */
const WHOLE_LIST = { allowPrivateDomains: true };

/** Reserved for the machine itself (RFC 6761, section 6.3); browsers give it what they give to HTTPS. */
const isLocal = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

const NAME = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;

/**
 * A host name as DNS and browsers write it: small letters, IDNA in its ASCII form, no address, no dot at the end. An
 * address has many spellings, 127.1 and 0x7f.1 among them (URL standard, "ends in a number"), so a name is only what
 * whoever parses a URL leaves as it is.
 */
export const isHostName = (text: string): boolean =>
  text.length <= 253 &&
  NAME.test(text) &&
  parse(text).isIp !== true &&
  URL.parse(`https://${text}`)?.hostname === text;

/**
 * Whether it may stand for a site: a name that somebody registered, or one below it; never a public suffix, whose
 * relying party everybody would share.
 */
export const isRelyingPartyId = (text: string): boolean =>
  isHostName(text) && (text === 'localhost' || getDomain(text, WHOLE_LIST) !== null);

/** An origin that passkeys can be used from: exact, HTTPS, or of the machine itself (WebAuthn Level 3, section 5). */
export function isTrustworthyOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.origin !== text || !isHostName(url.hostname)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLocal(url.hostname));
}

/** Whether browsers let the origin use the relying-party id by themselves (HTML, "is a registrable domain suffix of or is equal to"). */
export function isWithin(relyingPartyId: string, origin: string): boolean {
  const host = URL.parse(origin)?.hostname;
  if (host === undefined) return false;
  return host === relyingPartyId || (host.endsWith(`.${relyingPartyId}`) && isSite(relyingPartyId));
}

const isSite = (host: string): boolean => !isLocal(host) && getDomain(host, WHOLE_LIST) !== null;

/**
 * What browsers count when they read related origins (WebAuthn Level 3, section 5.11.1): the name that somebody
 * registered without its public suffix, "example" of login.example.co.uk.
 */
export const labelOf = (origin: string): string | undefined => {
  const host = URL.parse(origin)?.hostname ?? '';
  const domain = getDomain(host, WHOLE_LIST);
  return domain === null ? undefined : domain.slice(0, domain.indexOf('.'));
};
