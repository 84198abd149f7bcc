import type {
  AuthenticationResponseJSON,
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
  RegistrationResponseJSON,
} from '@simplewebauthn/browser';
import type { BindAddress, Realm } from './addresses.js';
import { checkSignal, KeyrealmError, refusalOf } from './errors.js';

interface Challenge<Options> {
  readonly challengeId: string;
  readonly options: Options;
}

/** What the browser should know of a person's passkeys (WebAuthn Level 3, section 5.1.10). */
export interface Known {
  /** The user handle, base64url. */
  readonly userId: string;
  readonly name: string;
  readonly displayName: string;
  readonly accepted: readonly { readonly rpId: string; readonly credentialIds: readonly string[] }[];
}

/** Milliseconds until an answer is given up, so that no button waits for ever. */
const PATIENCE = 30_000;

export type Server = ReturnType<typeof createServer>;

/** The realm's own addresses for ceremonies. Each call names what it is about in its query, for the preflight. */
export function createServer(realm: Realm) {
  const post = <T>(path: string, body: object, signal: AbortSignal | undefined): Promise<T> =>
    send<T>(`${realm.issuer}/passkeys/${path}`, body, signal);

  const registration = <T>({ job, token }: BindAddress, step: string, body: object, signal?: AbortSignal) =>
    post<T>(`registration/${step}?job=${job}`, { token, ...body }, signal);

  const authentication = <T>(interaction: string, step: string, body: object, signal?: AbortSignal) =>
    post<T>(
      `authentication/${step}?interaction=${interaction.split('.')[0]}`,
      { interaction, ...body },
      signal,
    );

  return {
    async registrationOptions(link: BindAddress, signal?: AbortSignal) {
      await registration(link, 'open', {}, signal);
      return registration<Challenge<PublicKeyCredentialCreationOptionsJSON>>(link, 'options', {}, signal);
    },

    register: (
      link: BindAddress,
      answer: { challengeId: string; response: RegistrationResponseJSON },
      signal?: AbortSignal,
    ) =>
      registration<{ passkey: { name: string }; redirectTo: string | null }>(link, 'verify', answer, signal),

    authenticationOptions: (interaction: string, signal?: AbortSignal) =>
      authentication<Challenge<PublicKeyCredentialRequestOptionsJSON>>(interaction, 'options', {}, signal),

    authenticate: (
      interaction: string,
      answer: { challengeId: string; response: AuthenticationResponseJSON },
      signal?: AbortSignal,
    ) => authentication<{ next: string; known?: Known }>(interaction, 'verify', answer, signal),

    /** Of the given credentials those that the realm still accepts. */
    accepted: async (credentialIds: readonly string[], signal?: AbortSignal): Promise<readonly string[]> =>
      (await post<{ accepted: string[] }>('accepted', { credentialIds }, signal)).accepted,
  };
}

async function send<T>(url: string, body: object, signal: AbortSignal | undefined): Promise<T> {
  checkSignal(signal);
  const patience = new AbortController();
  const giveUp = (): void => patience.abort();
  const timer = setTimeout(giveUp, PATIENCE);
  signal?.addEventListener('abort', giveUp);
  try {
    const response = await fetch(url, {
      method: 'POST',
      mode: 'cors',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: patience.signal,
    });
    const answer: unknown = await response.json().catch(() => undefined);
    checkSignal(signal);
    if (response.ok && answer !== undefined) return answer as T;
    throw refusalOf(answer);
  } catch (error) {
    checkSignal(signal);
    if (error instanceof KeyrealmError) throw error;
    throw new KeyrealmError('UNREACHABLE', 'The realm gave no answer to this page.', { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', giveUp);
  }
}
