import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { RealmCtx } from '../../kernel/context.js';
import { masked } from './masking.js';
import type { RegistrationService } from './registration.service.js';
import type { Refused } from './registration.types.js';

interface Options {
  readonly registration: RegistrationService;
  /** The context of the realm at this address, after the browser's origin was checked. */
  readonly enter: (request: FastifyRequest, reply: FastifyReply) => Promise<RealmCtx>;
}

/** Binding a passkey through a link, step by step, as JSON. */
export function registrationRoutes(app: FastifyInstance, { registration, enter }: Options): void {
  const base = '/realms/:realmId/passkeys/registration';

  app.post(`${base}/open`, async (request, reply) => {
    const outcome = await registration.open(await enter(request, reply), request.body);
    if (outcome.result === 'refused') return refuse(reply, outcome);
    const { display_name, username } = outcome.identity;
    return tagged(reply, outcome).send({
      identity: { displayName: masked(display_name), username: masked(username) },
      expiresAt: outcome.expiresAt.toISOString(),
    });
  });

  app.post(`${base}/options`, async (request, reply) => {
    const outcome = await registration.options(await enter(request, reply), request.body);
    if (outcome.result === 'refused') return refuse(reply, outcome);
    return tagged(reply, outcome).send({ challengeId: outcome.challengeId, options: outcome.options });
  });

  app.post(`${base}/verify`, async (request, reply) => {
    const outcome = await registration.verify(await enter(request, reply), request.body);
    if (outcome.result === 'refused') return refuse(reply, outcome);
    const { passkey, redirectTo } = outcome;
    return tagged(reply, outcome).send({ passkey: { id: passkey.id, name: passkey.name }, redirectTo });
  });
}

const tagged = (reply: FastifyReply, { correlationId }: { correlationId: string }): FastifyReply =>
  reply.header('x-correlation-id', correlationId);

const refuse = (reply: FastifyReply, { code, message, written, correlationId }: Refused) =>
  tagged(reply, { correlationId })
    .code(code === 'POLICY_DENIED' ? 403 : code.startsWith('LINK_') ? 410 : 400)
    .send({ error: { code, message, written, correlationId } });
