import type { FastifyReply, FastifyRequest } from 'fastify';
import { bareContext, type RealmCtx, type RealmRef } from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { type About, aboutOf, openTo } from './cors.js';
import { factsOf } from './facts.js';

interface Deps {
  readonly publicUrl: string;
  readonly findRealm: (realmId: string) => Promise<RealmRef | undefined>;
  readonly recordRefusal: (ctx: RealmCtx, data: { reason: string; target: string }) => Promise<void>;
  /** Whether pages of another origin may do what the request is about. */
  readonly trusts: (realmId: string, origin: string, about: About) => Promise<boolean>;
}

/** Whoever comes to a realm's own address: nobody known yet, and from a page of ours or one that is trusted. */
export function createVisitors({ publicUrl, findRealm, recordRefusal, trusts }: Deps) {
  const own = new URL(publicUrl).origin;

  return async function enter(request: FastifyRequest, reply: FastifyReply): Promise<RealmCtx> {
    reply.header('cache-control', 'no-store').header('vary', 'Origin');
    const realmId: unknown = Reflect.get(Object(request.params), 'realmId');
    const realm = await findRealm(String(realmId));
    if (!realm) throw notFound('realm');
    const ctx = bareContext(factsOf(request), { kind: 'ANONYMOUS' }, realm);
    reply.header('x-correlation-id', ctx.correlationId);
    const { origin } = request.headers;
    if (origin === undefined || origin === own) return ctx;
    const about = aboutOf(request);
    if (about === undefined || !(await trusts(realm.id, origin, about))) {
      await recordRefusal(ctx, { reason: 'origin', target: origin.slice(0, 256) });
      throw new DomainError('forbidden', 'ORIGIN_NOT_TRUSTED', 'Pages of this origin may not do that here.');
    }
    openTo(reply, origin);
    return ctx;
  };
}
