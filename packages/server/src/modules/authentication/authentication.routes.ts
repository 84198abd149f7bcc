import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import type { AuthenticationService } from './authentication.service.js';
import type { Interactions } from './authentication.types.js';

interface Options {
  readonly authentication: AuthenticationService;
  readonly interactions: Interactions;
  /** What the browser is to be told of the person's passkeys. */
  readonly known: (realmId: string, identityId: string) => Promise<object | undefined>;
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
}

const begin = z.object({ interaction: z.string().max(100) });
/** Of passkeys from before the realm had its own domain; unknown ones are passed over. */
const choose = begin.extend({ relyingPartyId: z.string().max(253).optional() });
const finish = begin.extend({ challengeId: z.string().max(64), response: z.unknown() });

/** Signing in with a passkey inside an authorization, as JSON. */
export function authenticationRoutes(app: FastifyInstance, options: Options): void {
  const { authentication, interactions, enter } = options;
  const base = '/realms/:realmId/passkeys/authentication';

  async function within(request: FastifyRequest, reply: FastifyReply, interaction: string) {
    const ctx = await enter(request, reply);
    const found = await interactions.find(request, ctx.realm.id, interaction);
    if (!found) return { ctx, found: undefined };
    reply.header('x-correlation-id', found.correlationId);
    return { ctx: { ...ctx, correlationId: found.correlationId }, found };
  }

  app.post(`${base}/options`, async (request, reply) => {
    const { interaction, relyingPartyId } = parseInput(choose, request.body);
    const { ctx, found } = await within(request, reply, interaction);
    if (!found) return expired(reply, ctx);
    return authentication.options(ctx, found.id, found.applicationId, relyingPartyId);
  });

  app.post(`${base}/verify`, async (request, reply) => {
    const input = parseInput(finish, request.body);
    const { ctx, found } = await within(request, reply, input.interaction);
    if (!found) return expired(reply, ctx);
    const outcome = await authentication.verify(ctx, {
      interactionId: found.id,
      applicationId: found.applicationId,
      challengeId: input.challengeId,
      response: input.response,
    });
    if (outcome.result === 'refused') {
      const { code, message, written } = outcome;
      return refuse(reply, code === 'POLICY_DENIED' ? 403 : 400, ctx, code, message, written);
    }
    const next = await interactions.finish(
      request,
      reply,
      ctx.realm.id,
      input.interaction,
      outcome.authenticated,
    );
    if (next !== undefined)
      return { next, known: await options.known(ctx.realm.id, outcome.authenticated.identityId) };
    // Another answer finished it first: the session that this one opened belongs to nobody.
    await authentication.withdraw(ctx, { sessionId: outcome.authenticated.sessionId });
    return expired(reply, ctx);
  });
}

export const refuse = (
  reply: FastifyReply,
  status: number,
  ctx: RealmCtx,
  code: string,
  message: string,
  written?: boolean,
) => reply.code(status).send({ error: { code, message, written, correlationId: ctx.correlationId } });

export const expired = (reply: FastifyReply, ctx: RealmCtx) =>
  refuse(
    reply,
    400,
    ctx,
    'INTERACTION_EXPIRED',
    'This sign-in has expired or was begun in another browser. Start again at the application.',
  );
