export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** The sign-in is over: only the person can start another. */
export class SignInRequired extends Error {
  constructor(cause?: unknown) {
    super('Sign in again to go on.', { cause });
    this.name = 'SignInRequired';
  }
}

export interface TokenHolder {
  readonly current: () => Tokens;
  /** A token that is good for the next half minute at least, renewed first where needed. */
  readonly accessToken: () => Promise<string>;
  /** A token other than the one that the server has just refused. */
  readonly replace: (refused: string) => Promise<string>;
}

/** So long before the end a token counts as expired: a request in flight must still arrive in time. */
const MARGIN_MS = 30_000;

/**
 * Keeps the tokens in memory and renews them, one renewal at a time: a refresh token that rotates may be used once,
 * and a second use looks like theft to the server.
 * @param renew exchanges a refresh token; throws `SignInRequired` when the server refuses it
 */
export function holdTokens(
  first: Tokens,
  renew: (refreshToken: string, previous: Tokens) => Promise<Tokens>,
  now: () => number = Date.now,
): TokenHolder {
  let tokens = first;
  let flight: Promise<string> | undefined;

  const renewed = async (): Promise<string> => {
    if (tokens.refreshToken === undefined) throw new SignInRequired();
    tokens = await renew(tokens.refreshToken, tokens);
    return tokens.accessToken;
  };
  const renewOnce = (): Promise<string> => {
    flight ??= renewed().finally(() => {
      flight = undefined;
    });
    return flight;
  };

  return {
    current: () => tokens,
    accessToken: async () =>
      flight === undefined && tokens.expiresAt - now() > MARGIN_MS ? tokens.accessToken : renewOnce(),
    replace: async (refused) => (tokens.accessToken === refused ? renewOnce() : tokens.accessToken),
  };
}
