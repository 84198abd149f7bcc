import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** What a call from a page that is not ours is about: it decides whose trust counts. */
export type About =
  | { readonly kind: 'interaction'; readonly id: string }
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'link'; readonly token: string }
  /** The passkeys that a browser remembers, of whichever application. */
  | { readonly kind: 'realm' };

interface Embedded {
  trustsForBinding(
    realmId: string,
    origin: string,
    by: { jobId: string } | { token: string },
  ): Promise<boolean | undefined>;
  isTrusted(realmId: string, origin: string): Promise<boolean>;
}

/**
 * Exactly the origins of what the call is about. What is over or was never there is nobody's: any page that the realm
 * trusts may hear that, instead of taking it for a broken network.
 */
export function createTrust(
  embedded: Embedded,
  ofInteraction: (realmId: string, origin: string, interaction: string) => Promise<boolean | undefined>,
) {
  return async (realmId: string, origin: string, about: About): Promise<boolean> => {
    const answer = await ofTheOne(realmId, origin, about);
    return answer ?? embedded.isTrusted(realmId, origin);
  };

  async function ofTheOne(realmId: string, origin: string, about: About): Promise<boolean | undefined> {
    if (about.kind === 'interaction') return ofInteraction(realmId, origin, about.id);
    if (about.kind === 'job') return embedded.trustsForBinding(realmId, origin, { jobId: about.id });
    if (about.kind === 'link') return embedded.trustsForBinding(realmId, origin, { token: about.token });
    return undefined;
  }
}

/** Seconds; the call that follows is judged anew whatever a browser remembers. */
const PREFLIGHT_SECONDS = 600;

/**
 * By the address first, so that nothing in a body can choose whose trust counts. A preflight has no body: there the
 * query names the interaction or the job, which are no secrets.
 */
export function aboutOf(request: FastifyRequest): About | undefined {
  const path = request.url.split('?')[0] ?? '';
  const body = request.method === 'POST' ? request.body : undefined;
  const said = (from: unknown, name: string): string | undefined => {
    const value: unknown = Reflect.get(Object(from), name);
    return typeof value === 'string' && value.length <= 200 ? value : undefined;
  };
  if (/\/passkeys\/accepted$/.test(path)) return { kind: 'realm' };
  if (/\/passkeys\/authentication\//.test(path)) {
    const id = said(body ?? request.query, 'interaction');
    return id === undefined ? undefined : { kind: 'interaction', id };
  }
  if (/\/passkeys\/registration\//.test(path) && body !== undefined) {
    const token = said(body, 'token');
    return token === undefined ? undefined : { kind: 'link', token };
  }
  if (/\/(passkeys\/registration\/[a-z]+|bind)$/.test(path)) {
    const id = said(request.query, 'job');
    return id === undefined ? undefined : { kind: 'job', id };
  }
  return undefined;
}

/** Without credentials: nothing that these calls do hangs on a cookie. */
export const openTo = (reply: FastifyReply, origin: string): FastifyReply =>
  reply
    .header('access-control-allow-origin', origin)
    .header('access-control-expose-headers', 'x-correlation-id');

/** What browsers ask before a page of another origin may send JSON (Fetch standard, "CORS-preflight fetch"). */
export function preflightRoutes(
  app: FastifyInstance,
  enter: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>,
): void {
  app.options('/realms/:realmId/passkeys/*', async (request, reply) => {
    await enter(request, reply);
    return reply
      .headers({
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type',
        'access-control-max-age': String(PREFLIGHT_SECONDS),
      })
      .code(204)
      .send();
  });
}
