import type { SignInFailure } from './failure';
import type { OidcClient } from './oidc';
import { holdTokens, type Tokens } from './tokens';

/** A signed-in administrator, for as long as this page is open. */
export interface Session {
  readonly tenantName: string;
  readonly tenantId: string;
  readonly accessToken: () => Promise<string>;
  /** A token other than the one that was just refused. @throws SignInRequired */
  readonly replace: (refused: string) => Promise<string>;
  /** Goes to the sign-in page, and comes back to this address. */
  readonly signInAgain: () => void;
  readonly signOut: () => Promise<void>;
  /** Settles when the server refuses what it has just issued: signing in once more would only go round in circles. */
  readonly refused: Promise<SignInFailure>;
}

const TOO_SOON_MS = 15_000;

export function openSession(client: OidcClient, tokens: Tokens): Session {
  const openedAt = Date.now();
  const holder = holdTokens(tokens, client.renew);
  const { promise: refused, resolve: refuse } = Promise.withResolvers<SignInFailure>();
  let leaving = false;

  return {
    tenantName: client.config.tenantName,
    tenantId: client.config.tenantId,
    accessToken: holder.accessToken,
    replace: holder.replace,
    refused,
    signInAgain: () => {
      if (leaving) return;
      leaving = true;
      if (Date.now() - openedAt < TOO_SOON_MS) refuse(REFUSED);
      else client.begin(currentAddress()).catch(() => refuse(UNREACHABLE));
    },
    signOut: async () => {
      leaving = true;
      await client.end(holder.current()).finally(() => {
        leaving = false;
      });
    },
  };
}

export const currentAddress = (): string => location.pathname + location.search + location.hash;

const REFUSED: SignInFailure = {
  title: 'The server did not accept the sign-in',
  message:
    'You were signed in, but the first request was refused. Try again, or ask an operator to look at the log.',
  correlationId: undefined,
};

const UNREACHABLE: SignInFailure = {
  title: 'You are no longer signed in',
  message: 'The server could not be reached to sign you in again.',
  correlationId: undefined,
};
