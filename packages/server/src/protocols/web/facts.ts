import type { FastifyRequest } from 'fastify';
import type { RequestFacts } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';

const known = new WeakMap<FastifyRequest, RequestFacts>();

/** What events keep of a request; the same however often it is asked. */
export function factsOf(request: FastifyRequest): RequestFacts {
  const kept = known.get(request);
  if (kept) return kept;
  const facts = {
    requestId: request.id,
    correlationId: newId(),
    ip: request.ip,
    userAgent: request.headers['user-agent']?.slice(0, 512) ?? null,
  };
  known.set(request, facts);
  return facts;
}
