import type { FastifyReply, FastifyRequest } from 'fastify';

export interface Authenticated {
  readonly identityId: string;
  readonly sessionId: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
  readonly amr: readonly string[];
  readonly acr: string;
}

/** The authorization that a sign-in belongs to; the protocol that began it looks after it. */
export interface Interactions {
  /** @returns undefined when it is over, of another realm, or was not begun by this browser */
  find(
    request: FastifyRequest,
    realmId: string,
    interactionId: string,
  ): Promise<{ id: string; applicationId: string; correlationId: string } | undefined>;
  /** @returns where the browser goes next, on our own origin; undefined when it was finished already, or is over */
  finish(
    request: FastifyRequest,
    reply: FastifyReply,
    realmId: string,
    interactionId: string,
    result: Authenticated,
  ): Promise<string | undefined>;
}
