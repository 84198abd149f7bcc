import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RealmCtx } from '../../kernel/context.js';
import type { RecoveryService } from './recovery.service.js';
import type { RecoveryRefused } from './recovery.types.js';

interface Page {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

interface Options {
  readonly recovery: Pick<RecoveryService, 'ask' | 'stop'>;
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
  readonly page: (ctx: RealmCtx, name: 'recover' | 'recover-stop') => Promise<Page>;
}

const STATUS = { LINK_INVALID: 410, RATE_LIMITED: 429, RECOVERY_OFF: 403 } as const;

/** For people who lost their passkeys, as JSON. */
export function recoveryRoutes(app: FastifyInstance, { recovery, enter, page }: Options): void {
  for (const [path, name] of [
    ['recover', 'recover'],
    ['recover/stop', 'recover-stop'],
  ] as const)
    app.get(`/realms/:realmId/${path}`, async (request, reply) => {
      const shown = await page(await enter(request, reply), name);
      return reply.headers(shown.headers).send(shown.html);
    });

  const refuse = (reply: FastifyReply, ctx: RealmCtx, { code, message }: RecoveryRefused) =>
    reply.code(STATUS[code]).send({ error: { code, message, correlationId: ctx.correlationId } });

  app.post('/realms/:realmId/recovery/request', async (request, reply) => {
    const ctx = await enter(request, reply);
    const outcome = await recovery.ask(ctx, request.body);
    // The same for everyone, whoever has that address.
    return outcome.result === 'refused' ? refuse(reply, ctx, outcome) : reply.code(202).send({ asked: true });
  });

  app.post('/realms/:realmId/recovery/stop', async (request, reply) => {
    const ctx = await enter(request, reply);
    const outcome = await recovery.stop(ctx, request.body);
    return outcome.result === 'refused' ? refuse(reply, ctx, outcome) : { undone: outcome.undone };
  });
}
