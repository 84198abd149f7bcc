import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import type { AuthenticationService } from '../authentication/authentication.service.js';
import type { Interactions } from '../authentication/authentication.types.js';
import type { SignedUp, SignUpCompletion } from './completion.service.js';
import type { SignUpService } from './sign-up.service.js';
import type { SignUpRefused } from './sign-up.types.js';

interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Options {
  readonly signUp: Pick<SignUpService, 'ask' | 'open' | 'options' | 'prove'>;
  readonly completion: SignUpCompletion;
  readonly authentication: Pick<AuthenticationService, 'withdraw'>;
  readonly interactions: Interactions;
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
  readonly page: (ctx: RealmCtx, interaction: string | null) => Promise<Page>;
}

const begun = z.object({ interaction: z.string().max(100).optional() });
const ask = z.object({ email: z.string().max(320), interaction: z.string().max(100).nullish() });
const STATUS: Readonly<Partial<Record<SignUpRefused['code'], number>>> = {
  POLICY_DENIED: 403,
  RATE_LIMITED: 429,
  SIGN_UP_INVALID: 410,
  SIGN_UP_OFF: 403,
};

/** Signing up, step by step, as JSON; below the path of the cookie that holds the authorization. */
export function signUpRoutes(app: FastifyInstance, options: Options): void {
  const { signUp, completion, interactions, enter } = options;
  const base = '/realms/:realmId/passkeys/sign-up';

  app.get('/realms/:realmId/sign-up', async (request, reply) => {
    const { interaction } = parseInput(begun, request.query);
    const shown = await options.page(await enter(request, reply), interaction ?? null);
    return reply.headers(shown.headers).send(shown.html);
  });

  const refuse = (reply: FastifyReply, ctx: RealmCtx, { code, message, written }: SignUpRefused) =>
    reply
      .code(STATUS[code] ?? 400)
      .send({ error: { code, message, written, correlationId: ctx.correlationId } });

  app.post(`${base}/ask`, async (request, reply) => {
    const ctx = await enter(request, reply);
    const input = parseInput(ask, request.body);
    const found = input.interaction
      ? await interactions.find(request, ctx.realm.id, input.interaction)
      : undefined;
    const flow = found ? { ...ctx, correlationId: found.correlationId } : ctx;
    const outcome = await signUp.ask(flow, {
      email: input.email,
      applicationId: found?.applicationId ?? null,
      interactionId: found?.id ?? null,
    });
    if (outcome.result === 'refused') return refuse(reply, flow, outcome);
    const { proof, token, expiresAt } = outcome;
    return reply.code(202).send({ proof, token, expiresAt: expiresAt.toISOString() });
  });

  app.post(`${base}/prove`, async (request, reply) => {
    const ctx = await enter(request, reply);
    const outcome = await signUp.prove(ctx, request.body);
    return outcome.result === 'refused' ? refuse(reply, ctx, outcome) : { proven: true };
  });

  app.post(`${base}/open`, async (request, reply) => {
    const ctx = await enter(request, reply);
    const outcome = await signUp.open(ctx, request.body);
    if (outcome.result === 'refused') return refuse(reply, ctx, outcome);
    return { email: outcome.email, expiresAt: outcome.expiresAt.toISOString() };
  });

  app.post(`${base}/options`, async (request, reply) => {
    const ctx = await enter(request, reply);
    const outcome = await signUp.options(ctx, request.body);
    if (outcome.result === 'refused') return refuse(reply, ctx, outcome);
    return { challengeId: outcome.challengeId, options: outcome.options };
  });

  app.post(`${base}/verify`, async (request, reply) => {
    const ctx = await enter(request, reply);
    const outcome = await completion.verify(ctx, request.body);
    if (outcome.result === 'refused') return refuse(reply, ctx, outcome);
    return { username: outcome.identity.username, next: await goOn(request, reply, ctx, outcome) };
  });

  /** @returns where to go on; null where the person signs in at the application by themselves */
  async function goOn(
    request: FastifyRequest,
    reply: FastifyReply,
    ctx: RealmCtx,
    { interactionId, authenticated }: SignedUp,
  ): Promise<string | null> {
    if (interactionId === null || authenticated === null) return null;
    // The link may have been opened in another browser than the one that began.
    const next = await interactions.finish(request, reply, ctx.realm.id, interactionId, authenticated);
    if (next !== undefined) return next;
    await options.authentication.withdraw(ctx, { sessionId: authenticated.sessionId });
    return null;
  }
}
