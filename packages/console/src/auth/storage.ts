/** What has to outlive the redirect to the sign-in page. Lives in this tab only; holds no token. */
export interface PendingSignIn {
  readonly tenantId: string;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
  /** Address to come back to, below the console's own path. */
  readonly returnTo: string;
}

const TENANT = 'keyrealm.tenant';
const REALM = 'keyrealm.realm';
const PENDING = 'keyrealm.sign-in';
const SIGNED_OUT = 'keyrealm.signed-out';

/** The tenant that this browser used last. */
export const rememberedTenant = {
  read: (): string | undefined => localStorage.getItem(TENANT) ?? undefined,
  write: (tenantId: string): void => localStorage.setItem(TENANT, tenantId),
  clear: (): void => localStorage.removeItem(TENANT),
};

/** The realm that this browser used last. */
export const rememberedRealm = {
  read: (): string | undefined => localStorage.getItem(REALM) ?? undefined,
  write: (realmId: string): void => localStorage.setItem(REALM, realmId),
  clear: (): void => localStorage.removeItem(REALM),
};

export const pendingSignIn = {
  write: (pending: PendingSignIn): void => sessionStorage.setItem(PENDING, JSON.stringify(pending)),
  /** Reads without consuming: the configuration is loaded before the code is. */
  read: (): PendingSignIn | undefined => {
    const text = sessionStorage.getItem(PENDING);
    return text === null ? undefined : (JSON.parse(text) as PendingSignIn);
  },
  clear: (): void => sessionStorage.removeItem(PENDING),
};

/** Set on the way to the sign-out page, so that coming back shows a page and not the next sign-in. */
export const signedOut = {
  read: (): boolean => sessionStorage.getItem(SIGNED_OUT) !== null,
  set: (): void => sessionStorage.setItem(SIGNED_OUT, 'yes'),
  clear: (): void => sessionStorage.removeItem(SIGNED_OUT),
};
