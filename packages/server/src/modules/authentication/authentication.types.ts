import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Authenticated {
  readonly identityId: string;
  readonly sessionId: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
  readonly amr: readonly string[];
  readonly acr: string;
}

/** Whether a sign-in from before will do. */
export interface Freshness {
  /** Only a new one will. */
  readonly always: boolean;
  /** Seconds that it may be old; any age where that is not said. */
  readonly maxAge?: number;
}

/** Somebody who is signed in in this browser. */
export interface Account {
  readonly sessionId: string;
  readonly identityId: string;
  readonly displayName: string;
  readonly username: string;
  readonly email: string | null;
}

/** The sessions that one browser holds; the protocol that keeps its cookie knows them. */
export interface BrowserAccounts {
  /** Those that were opened in it, the last first, whether they still count or not. */
  sessionIds(request: FastifyRequest, realmId: string): Promise<readonly string[]>;
  /** Takes one out, whoever is in front; the authorization that this happens in goes on. */
  forget(request: FastifyRequest, realmId: string, sessionId: string, interactionId: string): Promise<void>;
}

/** What is known of an authorization before its person signs in. */
export interface Interaction {
  readonly id: string;
  readonly applicationId: string;
  readonly correlationId: string;
  /** Where it may go on with a sign-in from before at all. */
  readonly freshness?: Freshness;
}

/** The authorization that a sign-in belongs to; the protocol that began it looks after it. */
export interface Interactions {
  /** @returns undefined when it is over, of another realm, or was not begun by this browser */
  find(request: FastifyRequest, realmId: string, interactionId: string): Promise<Interaction | undefined>;
  /** @returns where the browser goes next, on our own origin; undefined when it was finished already, or is over */
  finish(
    request: FastifyRequest,
    reply: FastifyReply,
    realmId: string,
    interactionId: string,
    result: Authenticated,
  ): Promise<string | undefined>;
}
