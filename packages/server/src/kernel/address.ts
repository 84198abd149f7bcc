import { domainToASCII, domainToUnicode } from 'node:url';

export interface Address {
  readonly local: string;
  /** In ASCII and small letters, so that each domain has one spelling (RFC 5891). */
  readonly domain: string;
}

const LABELS = /^(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*$/;

/**
 * An e-mail address that mail can be sent to and that no header gives another meaning (RFC 5321, section 4.1.2).
 * @returns undefined for anything else
 */
export function parseAddress(text: string): Address | undefined {
  const trimmed = text.trim();
  const at = trimmed.lastIndexOf('@');
  const local = trimmed.slice(0, at);
  const domain = domainToASCII(trimmed.slice(at + 1).replace(/\.$/, ''));
  if (at < 1 || local.length > 64 || trimmed.length > 254 || domain.length > 253) return undefined;
  if (!/^[^\s@\p{C}<>()[\]\\,;:"]+$/u.test(local) || !LABELS.test(domain)) return undefined;
  return { local, domain };
}

export const addressText = ({ local, domain }: Address): string => `${local}@${domain}`;

/** The ways to spell its domain that somebody may have written down. */
export function spellingsOf(address: Address): string[] {
  const spelled = [address.domain, domainToUnicode(address.domain)];
  return [...new Set(spelled)].map((domain) => `${address.local}@${domain}`);
}
