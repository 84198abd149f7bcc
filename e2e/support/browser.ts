import type { CDPSession, Page } from '@playwright/test';

export interface Authenticator {
  /** Credentials that it holds, to be put into another. */
  credentials(): Promise<Credential[]>;
  add(credential: Credential): Promise<void>;
  /** Whether the person lets themselves be verified. */
  verifies(yes: boolean): Promise<void>;
}

type Credential = Awaited<ReturnType<typeof credentialsOf>>[number];

/** A virtual authenticator with synced passkeys; it belongs to this page and to no other. */
export async function addAuthenticator(page: Page): Promise<Authenticator> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: true,
      defaultBackupState: true,
    },
  });
  return {
    credentials: () => credentialsOf(cdp, authenticatorId),
    add: async (credential) => {
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
    verifies: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
  };
}

const credentialsOf = async (cdp: CDPSession, authenticatorId: string) =>
  (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
