import type { CredentialAttestation } from '../../generated/graphql';

const WORDS: Record<CredentialAttestation, string> = {
  NONE: 'Not attested',
  SELF: 'Not attested',
  UNVERIFIED: 'Not verified',
  VERIFIED: 'Attested',
};

/** What is known of the model: only its maker's word counts. */
export const attestationInWords = (attestation: CredentialAttestation): string => WORDS[attestation];
