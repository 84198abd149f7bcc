import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { expired, refuse } from './authentication.routes.js';
import type { BrowserAccounts, Interactions } from './authentication.types.js';
import type { SignedInService } from './signed-in.service.js';

interface Options {
  readonly signedIn: SignedInService;
  /** Of our own page alone: another one knows of no account but its own. */
  readonly interactions: Interactions;
  readonly accounts: BrowserAccounts;
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
}

const input = z.object({ interaction: z.string().max(100), session: z.string().max(64) });

/** The account switcher, as JSON: going on as somebody who is signed in in this browser, and signing them out. */
export function signedInRoutes(app: FastifyInstance, options: Options): void {
  const { signedIn, interactions, accounts, enter } = options;
  const base = '/realms/:realmId/passkeys/authentication';

  async function within(request: FastifyRequest, reply: FastifyReply) {
    const { interaction, session } = parseInput(input, request.body);
    const ctx = await enter(request, reply);
    const found = await interactions.find(request, ctx.realm.id, interaction);
    if (!found) return { ctx, session, found };
    reply.header('x-correlation-id', found.correlationId);
    const own = (await accounts.sessionIds(request, ctx.realm.id)).includes(session);
    return { ctx: { ...ctx, correlationId: found.correlationId }, session, found, own };
  }

  app.post(`${base}/choose`, async (request, reply) => {
    const { ctx, found, session, own } = await within(request, reply);
    if (!found) return expired(reply, ctx);
    const { id, applicationId, freshness } = found;
    const chosen =
      own && freshness
        ? await signedIn.choose(ctx, { sessionId: session, applicationId, freshness })
        : undefined;
    const message = 'Use your passkey to go on.';
    // Whether the session ended, is another browser's, or is too old: one answer, and one thing to do.
    if (!chosen) return refuse(reply, 403, ctx, 'REAUTHENTICATION_REQUIRED', message);
    const next = await interactions.finish(request, reply, ctx.realm.id, id, chosen);
    return next === undefined ? expired(reply, ctx) : { next };
  });

  app.post(`${base}/sign-out`, async (request, reply) => {
    const { ctx, found, session, own } = await within(request, reply);
    if (!found) return expired(reply, ctx);
    if (own) {
      // First, so that the others of this browser do not go with it.
      await accounts.forget(request, ctx.realm.id, session, found.id);
      await signedIn.signOut(ctx, { sessionId: session });
    }
    return reply.code(204).send();
  });
}
