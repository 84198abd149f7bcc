import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';
import type { Known } from './signals.js';

/** A refusal of the server; its sentence is for a code that the page has no words for. */
export class Refusal extends Error {
  readonly code: string;
  readonly correlationId: string | undefined;
  /** Whether an administrator wrote the sentence for this very case. */
  readonly written: boolean;

  constructor(code: string, message: string, correlationId?: string, written = false) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.correlationId = correlationId;
    this.written = written;
  }
}

export interface Opened {
  readonly identity: { readonly displayName: string; readonly username: string };
  readonly expiresAt: string;
}

/** Milliseconds until an answer is given up, so that no button waits for ever. */
const PATIENCE = 30_000;

export interface Challenge<Options> {
  readonly challengeId: string;
  readonly options: Options;
  /** Other domains whose passkeys may be asked for, from before or after the realm had its own. */
  readonly otherRelyingPartyIds?: readonly string[];
}

/** The ceremonies of one realm. @throws Refusal */
export function createApi(realmId: string) {
  const post = <T>(path: string, body: object): Promise<T> =>
    send<T>(`/realms/${encodeURIComponent(realmId)}/passkeys/${path}`, body);
  return {
    open: (token: string) => post<Opened>('registration/open', { token }),
    registrationOptions: (token: string) =>
      post<Challenge<PublicKeyCredentialCreationOptionsJSON>>('registration/options', { token }),
    register: (body: { token: string; challengeId: string; response: object }) =>
      post<{ passkey: { name: string }; redirectTo: string | null }>('registration/verify', body),
    authenticationOptions: (interaction: string, relyingPartyId?: string) =>
      post<Challenge<PublicKeyCredentialRequestOptionsJSON>>('authentication/options', {
        interaction,
        relyingPartyId,
      }),
    authenticate: (body: { interaction: string; challengeId: string; response: object }) =>
      post<{ next: string; known?: Known }>('authentication/verify', body),
    /** Goes on as somebody who is signed in in this browser. */
    choose: (body: { interaction: string; session: string }) =>
      post<{ next: string }>('authentication/choose', body),
    signOutAccount: (body: { interaction: string; session: string }) =>
      post<undefined>('authentication/sign-out', body),
  };
}

export type Api = ReturnType<typeof createApi>;

/** @param body undefined to ask, something to change @throws Refusal */
export async function send<T>(path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      ...(body === undefined
        ? {}
        : {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(body),
          }),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    throw new Refusal('OFFLINE', '');
  }
  if (response.status === 204) return undefined as T;
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer as T;
  throw refusalOf(answer);
}

/** @param answer whatever the server said; only what has the shape of our errors is shown */
export function refusalOf(answer: unknown): Refusal {
  const error: unknown = Reflect.get(Object(answer), 'error');
  const field = (name: string): string | undefined => {
    const value: unknown = Reflect.get(Object(error), name);
    return typeof value === 'string' ? value : undefined;
  };
  return new Refusal(
    field('code') ?? 'INTERNAL',
    field('message') ?? '',
    field('correlationId'),
    Reflect.get(Object(error), 'written') === true,
  );
}
