import type { FastifyReply, FastifyRequest } from 'fastify';
import { now } from '../../kernel/clock.js';
import { equalHashes, hashSecret, newSecret } from '../../kernel/ids.js';
import type { Vault } from '../../kernel/vault.js';
import type { Authenticated, Interactions } from '../../modules/authentication/authentication.types.js';
import { type EmbeddedService, pageOf } from '../../modules/embedded/embedded.service.js';
import { paramOf, resultOf } from './interactions.js';
import type { ModelRow, ModelStore } from './store.js';

interface Deps {
  readonly store: ModelStore;
  readonly vault: Vault;
  readonly embedded: EmbeddedService;
}

/** How long a browser has to come back to us, in seconds. */
const RETURN_SECONDS = 60;

/**
 * Interactions on an application's own page. Our cookie can't reach a page of another origin, so an interaction is
 * named together with a secret: `uid.secret`. It finishes one sign-in. What that sign-in proved is kept aside, and
 * is the interaction's result only in the request that brings the token which the finishing page was given: a browser
 * that merely began the authorization gets nothing by waiting for somebody else to finish it.
 */
export function createEmbeddedInteractions({ store, vault, embedded }: Deps) {
  const secretOf = (realmId: string, uid: string): string => vault.seal(`embedded ${realmId}/${uid}`);

  async function load(
    realmId: string,
    interaction: string,
  ): Promise<(ModelRow & { uid: string }) | undefined> {
    const [uid = '', secret = ''] = interaction.split('.');
    const right = equalHashes(Buffer.from(secret), Buffer.from(secretOf(realmId, uid)));
    if (!/^[\w-]{10,64}$/.test(uid) || !right) return undefined;
    const row = await store.find(realmId, 'Interaction', uid);
    return row && row.payload.result == null && row.payload.kept == null ? { ...row, uid } : undefined;
  }

  const own: Interactions = {
    async find(_request: FastifyRequest, realmId: string, interaction: string) {
      const row = await load(realmId, interaction);
      const applicationId = row && paramOf(row.payload, 'client_id');
      return row && applicationId
        ? { id: row.uid, applicationId, correlationId: row.correlation_id }
        : undefined;
    },

    async finish(
      _request: FastifyRequest,
      _reply: FastifyReply,
      realmId: string,
      interaction: string,
      result: Authenticated,
    ): Promise<string | undefined> {
      const row = await load(realmId, interaction);
      const returnTo: unknown = row?.payload.returnTo;
      if (!row || typeof returnTo !== 'string') return undefined;
      const token = newSecret();
      const kept = {
        token: digest(token),
        until: Math.floor(now().getTime() / 1000) + RETURN_SECONDS,
        result: resultOf(result),
      };
      return (await store.keepResult(realmId, row.uid, kept)) ? `${returnTo}?token=${token}` : undefined;
    },
  };

  return {
    /** Where the person of an interaction signs in; undefined where that is our own page. */
    async addressOf(realmId: string, applicationId: string, uid: string): Promise<string | undefined> {
      const embedding = await embedded.ofApplication(realmId, applicationId);
      const request = `${realmId}.${uid}.${secretOf(realmId, uid)}`;
      return embedding && pageOf(embedding, 'authenticate', { request });
    },

    /**
     * Whether the page of this origin is one where the interaction's person may sign in.
     * @returns undefined where there is no such interaction any more
     */
    async trusts(realmId: string, origin: string, interaction: string): Promise<boolean | undefined> {
      const row = await store.find(realmId, 'Interaction', interaction.split('.')[0] ?? '');
      if (!row) return undefined;
      const applicationId = paramOf(row.payload, 'client_id');
      const embedding = applicationId ? await embedded.ofApplication(realmId, applicationId) : undefined;
      return embedding?.trustedOrigins.includes(origin) ?? false;
    },

    /**
     * Takes what a sign-in proved for whoever brings its token.
     * @returns undefined when it was taken, or is too old
     */
    redeem: (realmId: string, uid: string, token: string): Promise<Record<string, unknown> | undefined> =>
      store.takeResult(realmId, uid, digest(token), Math.floor(now().getTime() / 1000)),

    /** Both kinds under one roof, told apart by the secret in the name. */
    beside: (hosted: Interactions): Interactions => ({
      find: (request, realmId, id) => (id.includes('.') ? own : hosted).find(request, realmId, id),
      finish: (request, reply, realmId, id, result) =>
        (id.includes('.') ? own : hosted).finish(request, reply, realmId, id, result),
    }),
  };
}

export type EmbeddedInteractions = ReturnType<typeof createEmbeddedInteractions>;

const digest = (token: string): string => hashSecret(token).toString('base64url');
