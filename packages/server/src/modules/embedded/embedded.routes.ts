import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parseInput } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { type EmbeddedService, pageOf } from './embedded.service.js';

interface Options {
  readonly embedded: EmbeddedService;
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
  /** Our own page for binding. */
  readonly page: (
    ctx: RealmCtx,
  ) => Promise<{ readonly html: string; readonly headers: Readonly<Record<string, string>> }>;
}

const remembered = z.object({
  credentialIds: z
    .array(
      z
        .string()
        .max(1400)
        .regex(/^[\w-]+$/),
    )
    .max(100),
});

/** What pages that are not ours need besides the ceremonies. */
export function embeddedRoutes(app: FastifyInstance, { embedded, enter, page }: Options): void {
  app.post('/realms/:realmId/passkeys/accepted', async (request, reply) => {
    const ctx = await enter(request, reply);
    const { credentialIds } = parseInput(remembered, request.body);
    return { accepted: await embedded.accepted(ctx.realm.id, credentialIds) };
  });

  /** A link's secret stays behind `#`: a browser carries it over the redirect, and neither server sees it. */
  app.get<{ Querystring: { job?: unknown } }>('/realms/:realmId/bind', async (request, reply) => {
    const ctx = await enter(request, reply);
    const job = String(request.query.job ?? '');
    const embedding = await embedded.ofBindingJob(ctx.realm.id, job);
    if (embedding) {
      const bindUrl = pageOf(embedding, 'bind', { realm: ctx.realm.id, job });
      return wantsJson(request) ? { bindUrl } : reply.redirect(bindUrl, 303);
    }
    const { html, headers } = await page(ctx);
    return reply.headers(headers).send(html);
  });
}

/** A program says so; a person's browser asks for a page. */
const wantsJson = ({ headers }: FastifyRequest): boolean =>
  headers.accept?.includes('application/json') === true && !headers.accept.includes('text/html');
