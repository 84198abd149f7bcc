import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Observed, ScimOptions } from './contract.js';

/** What is found out about a request on its way, for the log of the realm. */
interface Trace {
  /** Whether the body names attributes that the realm declares. */
  declared: boolean;
  caller: unknown;
  effect: string | undefined;
  resource: Observed['resource'];
  detail: string | undefined;
  scimType: string | undefined;
}

const traces = new WeakMap<object, Trace>();

export function traceOf(request: FastifyRequest): Trace {
  const known = traces.get(request.raw) ?? {
    declared: false,
    caller: undefined,
    effect: undefined,
    resource: undefined,
    detail: undefined,
    scimType: undefined,
  };
  traces.set(request.raw, known);
  return known;
}

/** Tells of every request, once it is answered. */
export function observing<Caller>(app: FastifyInstance, observe: ScimOptions<Caller>['observe']): void {
  app.addHook('onResponse', async (request, reply) => {
    const { caller, effect, resource, detail, scimType } = traceOf(request);
    observe((request.params as { realmId: string }).realmId, caller as Caller | undefined, {
      effect,
      resource,
      detail,
      scimType,
      method: request.method,
      url: request.originalUrl,
      status: reply.statusCode,
      durationMs: reply.elapsedTime,
      requestId: request.id,
    });
  });
}
