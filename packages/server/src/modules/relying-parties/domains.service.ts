import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, notFound } from '../../kernel/errors.js';
import type { Vault } from '../../kernel/vault.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import { fetchProof } from './domain-proof.js';
import * as queries from './domains.queries.js';
import { isRelyingPartyId } from './origins.types.js';
import type { RelyingPartiesService } from './relying-parties.service.js';

export type { DomainRow } from './domains.queries.js';

type DomainRow = queries.DomainRow;

interface Deps {
  db: Db;
  command: Runner;
  vault: Pick<Vault, 'seal'>;
  relyingParties: RelyingPartiesService;
  guard: AccessGuard;
}

export interface DomainChanged {
  readonly domain: DomainRow | null;
  readonly warnings: readonly Warning[];
}

/** What was asked for this long ago no longer stands in anyone's way. */
const CLAIM_DAYS = 7;

const taken = () =>
  new DomainError('conflict', 'DOMAIN_TAKEN', 'Another realm has this domain, or asks for it as well.', {
    path: ['domain'],
  });

const subjectOf = (work: Work) => ({
  kind: 'REALM' as const,
  id: work.ctx.realm.id,
  name: work.ctx.realm.displayName,
});

export type RealmDomainsService = ReturnType<typeof createRealmDomainsService>;

/** A realm's own domain: asked for, proved by leading to us, and then the relying party of its hosted pages. */
export function createRealmDomainsService({ db, command, vault, relyingParties, guard }: Deps) {
  const proofOf = (host: string): string => vault.seal(`domain ${host}`);

  const keepProven = command({
    name: 'realm-domains.verify',
    scope: 'realms:update',
    input: z.object({ domain: z.string() }),
    constraints: { realm_domains_verified: taken },
    body: async (work, input): Promise<DomainChanged> => {
      const row = await queries.lockDomain(work.tx, work.ctx.realm.id);
      if (row?.domain !== input.domain) throw notFound('domain');
      if (row.verified_at) {
        work.unchanged();
        return { domain: row, warnings: [] };
      }
      const since = new Date(now().getTime() - CLAIM_DAYS * 86_400_000);
      // Leading to us says nothing of which tenant; where two ask, neither may have it by being the quicker one.
      if (await queries.isContested(work.tx, row, since)) throw taken();
      const domain = await queries.markVerified(work.tx, row.realm_id, now());
      work.record('realm.domain_verified', { domain: domain.domain }, { subject: subjectOf(work) });
      return { domain, warnings: await guard.check(work) };
    },
  });

  return {
    proofOf,

    async find(ctx: RealmCtx): Promise<DomainRow | undefined> {
      requireScope(ctx, 'realms:read');
      return queries.selectDomain(db, ctx.realm.id);
    },

    set: command({
      name: 'realm-domains.set',
      scope: 'realms:update',
      input: z.object({
        domain: z
          .string()
          .trim()
          .toLowerCase()
          .refine(isRelyingPartyId, 'This is not a domain of your own, such as login.example.com.'),
      }),
      body: async (work, { domain }): Promise<DomainRow> => {
        if (new URL(relyingParties.origin).hostname === domain)
          throw invalid('This is the address that every realm has already.', 'domain');
        if (domain === 'localhost' || (domain.endsWith('.localhost') && !relyingParties.local))
          throw invalid('This domain leads to no other machine than one’s own.', 'domain');
        const row = await queries.lockDomain(work.tx, work.ctx.realm.id);
        if (row?.domain === domain) {
          work.unchanged();
          return row;
        }
        if (row?.verified_at)
          throw new DomainError(
            'conflict',
            'WRONG_STATE',
            `The realm has the domain ${row.domain}, and its passkeys hang on it. Remove that first.`,
            { path: ['domain'] },
          );
        const made = await queries.putDomain(work.tx, work.ctx.realm.id, domain, now());
        work.record('realm.domain_set', { domain }, { subject: subjectOf(work) });
        return made;
      },
    }),

    /** Asks the domain itself, before the transaction. @throws DomainError DOMAIN_NOT_PROVEN */
    async verify(ctx: RealmCtx): Promise<DomainChanged> {
      requireScope(ctx, 'realms:update');
      const row = await queries.selectDomain(db, ctx.realm.id);
      if (!row) throw notFound('domain');
      const said = await fetchProof(relyingParties.originOf(row.domain), relyingParties.local);
      if (said !== proofOf(row.domain))
        throw new DomainError(
          'conflict',
          'DOMAIN_NOT_PROVEN',
          `${relyingParties.originOf(row.domain)} does not lead to this server yet. Point the domain here with a valid certificate, then try again.`,
        );
      return keepProven(ctx, { domain: row.domain });
    },

    remove: command({
      name: 'realm-domains.remove',
      scope: 'realms:update',
      input: z.object({}),
      body: async (work): Promise<DomainChanged> => {
        const row = await queries.lockDomain(work.tx, work.ctx.realm.id);
        if (!row) throw notFound('domain');
        await queries.deleteDomain(work.tx, row.realm_id);
        work.record('realm.domain_removed', { domain: row.domain }, { subject: subjectOf(work) });
        return { domain: null, warnings: await guard.check(work) };
      },
    }),
  };
}
