import type { FastifyReply, FastifyRequest } from 'fastify';
import { bareContext, type RealmCtx, type RealmRef } from '../../kernel/context.js';
import { forbidden, notFound } from '../../kernel/errors.js';
import { factsOf } from './facts.js';

interface Deps {
  readonly publicUrl: string;
  readonly findRealm: (realmId: string) => Promise<RealmRef | undefined>;
  readonly recordRefusal: (ctx: RealmCtx, data: { reason: string; target: string }) => Promise<void>;
}

/** Whoever comes to a realm's own address: nobody known yet, and from a page of ours. */
export function createVisitors({ publicUrl, findRealm, recordRefusal }: Deps) {
  const { origin } = new URL(publicUrl);

  return async function enter(request: FastifyRequest, reply: FastifyReply): Promise<RealmCtx> {
    reply.header('cache-control', 'no-store');
    const realmId: unknown = Reflect.get(Object(request.params), 'realmId');
    const realm = await findRealm(String(realmId));
    if (!realm) throw notFound('realm');
    const ctx = bareContext(factsOf(request), { kind: 'ANONYMOUS' }, realm);
    reply.header('x-correlation-id', ctx.correlationId);
    const from = request.headers.origin;
    if (from !== undefined && from !== origin) {
      await recordRefusal(ctx, { reason: 'origin', target: from.slice(0, 256) });
      throw forbidden('This page may not do that here.');
    }
    return ctx;
  };
}
