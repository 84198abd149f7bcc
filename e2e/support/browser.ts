import type { CDPSession, Page } from '@playwright/test';

export interface Authenticator {
  /** What it holds, to be put into another; take it after each use, or the counter will be stale. */
  credentials(): Promise<Credential[]>;
  add(credential: Credential): Promise<void>;
  /** Whether the account that syncs a passkey has it by now. */
  setBackedUp(credentialId: string, yes: boolean): Promise<void>;
  /** Whether the person lets themselves be verified; otherwise each ceremony fails at once. */
  setUserVerified(yes: boolean): Promise<void>;
  /** From now on the page has no authenticator: ceremonies wait until they time out. */
  remove(): Promise<void>;
}

type Credential = Awaited<ReturnType<typeof credentialsOf>>[number];

interface Options {
  /** A passkey that is kept in an account and on every device of its owner; otherwise bound to this one. */
  readonly synced?: boolean;
  /** Whether it can verify who uses it, with a fingerprint for example. */
  readonly verifiesUsers?: boolean;
}

/** A virtual authenticator for passkeys; it belongs to this page and to no other. */
export async function addAuthenticator(page: Page, options: Options = {}): Promise<Authenticator> {
  const { synced = true, verifiesUsers = true } = options;
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('WebAuthn.enable', { enableUI: false });
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: verifiesUsers,
      isUserVerified: verifiesUsers,
      automaticPresenceSimulation: true,
      defaultBackupEligibility: synced,
      defaultBackupState: synced,
    },
  });
  return {
    credentials: () => credentialsOf(cdp, authenticatorId),
    add: async (credential) => {
      await cdp.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
    setBackedUp: async (credentialId, backupState) => {
      await cdp.send('WebAuthn.setCredentialProperties', { authenticatorId, credentialId, backupState });
    },
    setUserVerified: async (isUserVerified) => {
      await cdp.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    remove: async () => {
      await cdp.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}

const credentialsOf = async (cdp: CDPSession, authenticatorId: string) =>
  (await cdp.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
