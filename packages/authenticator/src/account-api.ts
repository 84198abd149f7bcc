import type { PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser';
import { type Challenge, send } from './api.js';
import type { Known } from './signals.js';

export interface OwnPasskey {
  readonly id: string;
  readonly name: string;
  readonly model: string;
  readonly deviceBound: boolean;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  /** The one that opened this page. */
  readonly current: boolean;
}

export interface OwnSession {
  readonly id: string;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly applications: readonly string[];
  readonly current: boolean;
}

export interface OwnSignIn {
  readonly id: string;
  readonly at: string;
  readonly succeeded: boolean;
  readonly application: string | null;
  readonly ip: string | null;
  readonly userAgent: string | null;
  readonly reference: string;
}

export interface Overview {
  readonly identity: { readonly displayName: string; readonly username: string };
  readonly passkeys: readonly OwnPasskey[];
  readonly sessions: readonly OwnSession[];
  /** Whether the person came in so lately that a passkey may be added. */
  readonly fresh: boolean;
  readonly known: Known;
}

/** A person's own page. @throws Refusal, UNAUTHENTICATED where nobody came in or not any more */
export function createAccountApi(realmId: string) {
  const base = `/realms/${encodeURIComponent(realmId)}/account`;
  const post = <T>(path: string, body: object = {}): Promise<T> => send<T>(`${base}/${path}`, body);
  const of = (id: string): string => encodeURIComponent(id);
  return {
    enterOptions: () => post<Challenge<PublicKeyCredentialRequestOptionsJSON>>('enter/options'),
    enter: (body: { challengeId: string; response: object }) => post<{ known?: Known }>('enter/verify', body),
    leave: () => post<undefined>('leave'),
    overview: () => send<Overview>(`${base}/overview`),
    history: (after: string | null) =>
      send<{ signIns: OwnSignIn[]; next: string | null }>(
        `${base}/history${after === null ? '' : `?after=${encodeURIComponent(after)}`}`,
      ),
    addPasskey: () => post<{ token: string }>('passkeys/add'),
    renamePasskey: (id: string, name: string) => post<undefined>(`passkeys/${of(id)}/rename`, { name }),
    removePasskey: (id: string, evenTheLast: boolean) =>
      post<{ known: Known }>(`passkeys/${of(id)}/remove`, { evenTheLast }),
    endSession: (id: string) => post<undefined>(`sessions/${of(id)}/end`),
    endOthers: () => post<{ ended: number }>('sessions/end-others'),
  };
}

export type AccountApi = ReturnType<typeof createAccountApi>;
