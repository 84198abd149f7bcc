import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { DomainError, forbidden } from '../../kernel/errors.js';
import type { OwnPasskeysService } from '../passkeys/own-passkeys.service.js';
import type { AccountService } from './account.service.js';
import type { Entered } from './account.types.js';

interface Options {
  readonly account: AccountService;
  readonly known: OwnPasskeysService['known'];
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
  readonly cookie: {
    read(request: FastifyRequest, realmId: string): string | undefined;
    keep(reply: FastifyReply, realmId: string, sessionId: string): void;
    clear(reply: FastifyReply, realmId: string): void;
  };
  /** The page itself. */
  readonly page: (
    ctx: RealmCtx,
  ) => Promise<{ readonly html: string; readonly headers: Readonly<Record<string, string>> }>;
}

const answer = z.object({ challengeId: z.string().max(64), response: z.unknown() });

/** A person's own page and what it asks for, as JSON. */
export function accountRoutes(app: FastifyInstance, options: Options): void {
  app.get('/realms/:realmId/account', async (request, reply) => {
    const page = await options.page(await options.enter(request, reply));
    return reply.headers(page.headers).send(page.html);
  });
  comingAndGoing(app, options);
  passkeyRoutes(app, options);
  sessionRoutes(app, options);
}

/** Whatever changes something is said by a page of ours, and browsers say so. */
async function fromOurPage(
  { enter }: Options,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<RealmCtx> {
  const ctx = await enter(request, reply);
  if (request.headers.origin === undefined) throw forbidden('This takes a page of ours.');
  return ctx;
}

/** @throws DomainError UNAUTHENTICATED where nobody came in, or not any more */
async function entered(options: Options, request: FastifyRequest, ctx: RealmCtx): Promise<Entered> {
  const sessionId = options.cookie.read(request, ctx.realm.id);
  const found = sessionId === undefined ? undefined : await options.account.resume(ctx, sessionId);
  if (!found)
    throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Use your passkey to see your account.');
  return found;
}

const idOf = (request: FastifyRequest): unknown => Reflect.get(Object(request.params), 'id');

function comingAndGoing(app: FastifyInstance, options: Options): void {
  const { account, cookie } = options;
  const base = '/realms/:realmId/account';

  app.post(`${base}/enter/options`, async (request, reply) =>
    account.enterOptions(await fromOurPage(options, request, reply)),
  );

  app.post(`${base}/enter/verify`, async (request, reply) => {
    const ctx = await fromOurPage(options, request, reply);
    const { challengeId, response } = parseInput(answer, request.body);
    const sessionBefore = cookie.read(request, ctx.realm.id);
    const before = sessionBefore === undefined ? undefined : await account.resume(ctx, sessionBefore);
    const outcome = await account.enter(ctx, { challengeId, response });
    if (outcome.result === 'refused') {
      const { code, message, written } = outcome;
      const { correlationId } = ctx;
      return reply
        .code(code === 'POLICY_DENIED' ? 403 : 400)
        .send({ error: { code, message, written, correlationId } });
    }
    const { sessionId } = outcome.authenticated;
    cookie.keep(reply, ctx.realm.id, sessionId);
    if (before) await account.leave(before.ctx, { sessionId: before.session.id, reason: 'superseded' });
    const now = await account.resume(ctx, sessionId);
    return { known: now && (await options.known(now.identity)) };
  });

  app.post(`${base}/leave`, async (request, reply) => {
    const ctx = await fromOurPage(options, request, reply);
    const { session, ctx: own } = await entered(options, request, ctx);
    await account.leave(own, { sessionId: session.id, reason: 'signed_out' });
    cookie.clear(reply, ctx.realm.id);
    return reply.code(204).send();
  });

  app.get(`${base}/overview`, async (request, reply) =>
    account.overview(await entered(options, request, await options.enter(request, reply))),
  );

  app.get<{ Querystring: { after?: unknown } }>(`${base}/history`, async (request, reply) => {
    const who = await entered(options, request, await options.enter(request, reply));
    const { after } = request.query;
    return account.history(who, { first: 20, ...(typeof after === 'string' ? { after } : {}) });
  });
}

function passkeyRoutes(app: FastifyInstance, options: Options): void {
  const { account } = options;
  const base = '/realms/:realmId/account/passkeys';

  app.post(`${base}/add`, async (request, reply) => {
    const ctx = await fromOurPage(options, request, reply);
    return account.addPasskey(await entered(options, request, ctx));
  });

  app.post(`${base}/:id/rename`, async (request, reply) => {
    const ctx = await fromOurPage(options, request, reply);
    const who = await entered(options, request, ctx);
    await account.renamePasskey(who.ctx, { ...Object(request.body), passkeyId: idOf(request) });
    return reply.code(204).send();
  });

  app.post(`${base}/:id/remove`, async (request, reply) => {
    const ctx = await fromOurPage(options, request, reply);
    const who = await entered(options, request, ctx);
    const { warnings } = await account.removePasskey(who.ctx, {
      ...Object(request.body),
      passkeyId: idOf(request),
    });
    return { warnings, known: await options.known(who.identity) };
  });
}

function sessionRoutes(app: FastifyInstance, options: Options): void {
  const { account } = options;
  const base = '/realms/:realmId/account/sessions';

  app.post(`${base}/:id/end`, async (request, reply) => {
    const ctx = await fromOurPage(options, request, reply);
    const who = await entered(options, request, ctx);
    await account.endSession(who.ctx, { sessionId: idOf(request) });
    return reply.code(204).send();
  });

  app.post(`${base}/end-others`, async (request, reply) => {
    const ctx = await fromOurPage(options, request, reply);
    const who = await entered(options, request, ctx);
    return { ended: await account.endOthers(who.ctx, { sessionId: who.session.id }) };
  });
}
