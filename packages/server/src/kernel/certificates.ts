import { X509Certificate } from 'node:crypto';

const LONGEST_CHAIN = 8;

/** @throws Error for what is no certificate in DER */
export const certificateOf = (der: Uint8Array): X509Certificate => new X509Certificate(der);

/**
 * Whether a chain of certificates (RFC 5280, section 6), the one that signs things first, leads to one of the anchors,
 * without a look at anything but them: a revocation list stands at an address that the certificate itself names, and a
 * stranger's certificate must not send us anywhere.
 *
 * An anchor that is the first certificate itself proves that one alone.
 */
export function leadsTo(
  chain: readonly X509Certificate[],
  anchors: readonly X509Certificate[],
  at: Date,
): boolean {
  if (chain.length > LONGEST_CHAIN) return false;
  for (const [index, certificate] of chain.entries()) {
    if (!isValid(certificate, at)) return false;
    if (anchors.some((anchor) => anchor.raw.equals(certificate.raw))) return true;
    if (anchors.some((anchor) => isValid(anchor, at) && hasIssued(anchor, certificate))) return true;
    const issuer = chain[index + 1];
    if (!issuer || !hasIssued(issuer, certificate)) return false;
  }
  return false;
}

const isValid = (certificate: X509Certificate, at: Date): boolean =>
  certificate.validFromDate <= at && at <= certificate.validToDate;

const hasIssued = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
