import type { FastifyInstance } from 'fastify';
import { notFound } from '../../kernel/errors.js';
import { PROOF_PATH } from './domain-proof.js';
import type { RealmDomainsService } from './domains.service.js';
import { isHostName } from './origins.types.js';
import type { RelyingPartiesService } from './relying-parties.service.js';

interface Options {
  readonly relyingParties: Pick<RelyingPartiesService, 'relatedOrigins'>;
  readonly domains: Pick<RealmDomainsService, 'proofOf'>;
}

/** What browsers and we ourselves ask a host about itself; the answer depends on the host that was asked. */
export function relyingPartyRoutes(app: FastifyInstance, { relyingParties, domains }: Options): void {
  /** WebAuthn Level 3, section 5.11: JSON, and no cookie or redirect in the way. */
  app.get('/.well-known/webauthn', async (request, reply) => {
    const host = request.hostname.toLowerCase();
    const origins = isHostName(host) ? await relyingParties.relatedOrigins(host) : undefined;
    if (!origins) throw notFound('relying party');
    return reply.headers({ 'cache-control': 'public, max-age=300', vary: 'Host' }).send({ origins });
  });

  app.get(PROOF_PATH, async (request, reply) => {
    const host = request.hostname.toLowerCase();
    if (!isHostName(host)) throw notFound('domain');
    return reply
      .headers({ 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' })
      .send(domains.proofOf(host));
  });
}
