import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RealmCtx } from '../../kernel/context.js';
import type { RecoveryService } from './recovery.service.js';
import type { RecoveryRefused } from './recovery.types.js';

interface Options {
  readonly recovery: Pick<RecoveryService, 'ask' | 'stop'>;
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
}

const STATUS = { LINK_INVALID: 410, RATE_LIMITED: 429, RECOVERY_OFF: 403 } as const;

/** For people who lost their passkeys, as JSON. */
export function recoveryRoutes(app: FastifyInstance, { recovery, enter }: Options): void {
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
