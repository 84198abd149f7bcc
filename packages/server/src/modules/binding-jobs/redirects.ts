import type { Work } from '../../kernel/command.js';
import { invalid } from '../../kernel/errors.js';
import { selectOwnAddresses } from './batches.queries.js';

/** Named in the refusal; a realm with more has too many to read. */
const NAMED = 10;

const originOf = (address: string): string | undefined => {
  const url = URL.parse(address);
  return url?.protocol === 'https:' || url?.protocol === 'http:' ? url.origin : undefined;
};

/**
 * Only to where the realm's people already go: the origin of a redirect URI of one of its applications, an origin
 * that one of its authenticator configs trusts, or our own. A binding link is no open redirect.
 * @throws DomainError INVALID_INPUT naming the origins that are allowed
 */
export async function checkRedirect(work: Work, publicUrl: string, redirectUri: string): Promise<void> {
  const addresses = [publicUrl, ...(await selectOwnAddresses(work.tx, work.ctx.realm.id))];
  const allowed = [...new Set(addresses.map(originOf).filter((origin) => origin !== undefined))].sort();
  const wanted = URL.parse(redirectUri);
  const origin = originOf(redirectUri);
  const plain = wanted?.username === '' && wanted.password === '';
  if (origin !== undefined && plain && allowed.includes(origin)) return;
  const named = allowed.slice(0, NAMED).join(', ');
  const more = allowed.length > NAMED ? ` and ${allowed.length - NAMED} more` : '';
  throw invalid(
    `The redirect goes to no application of this realm. It may go to an address at ${named}${more}.`,
    'redirectUri',
  );
}
