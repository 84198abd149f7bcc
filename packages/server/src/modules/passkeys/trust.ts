import { X509Certificate } from 'node:crypto';
import { SettingsService } from '@simplewebauthn/server';
import type { MetadataTrust } from '../authenticator-metadata/authenticator-metadata.types.js';

type Format = Parameters<typeof SettingsService.getRootCertificates>[0]['identifier'];

const rootsOf = (identifier: Format): readonly string[] =>
  SettingsService.getRootCertificates({ identifier });

/** FIDO Metadata Service 3.0, section 3.1.7: the roots come with the library, the name stands in the specification. */
export const METADATA_TRUST: MetadataTrust = { roots: rootsOf('mds'), signer: 'mds.fidoalliance.org' };

/** Apple attests passkeys itself and is in nobody's metadata. */
export const APPLE_ROOTS: readonly X509Certificate[] = rootsOf('apple').map(
  (pem) => new X509Certificate(pem),
);

/**
 * Where the library knows an anchor it follows the path and asks the revocation lists that the certificates name, over
 * the network. Without anchors it leaves the path to us.
 */
for (const identifier of ['android-key', 'android-safetynet', 'apple', 'fido-u2f', 'packed', 'tpm'] as const)
  SettingsService.setRootCertificates({ identifier, certificates: [] });
