import { z } from 'zod';
import { type Db, parseInput } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { invalid, notFound } from '../../kernel/errors.js';
import { id } from '../../kernel/text.js';
import * as domains from './domains.queries.js';
import { isRelyingPartyId, isWithin } from './origins.types.js';
import * as queries from './plan.queries.js';
import type { RelyingPartiesService } from './relying-parties.service.js';

/** DIRECT: browsers allow it by themselves. RELATED: they ask the domain first, and older ones refuse. */
export type Fate = 'DIRECT' | 'RELATED' | 'STRANDED';

export interface RelyingPartyPlan {
  readonly parties: readonly { relyingPartyId: string; passkeys: number; fate: Fate }[];
  readonly direct: number;
  readonly related: number;
  readonly stranded: number;
  readonly strandedIdentities: number;
  readonly strandedAdministrators: readonly { id: string; displayName: string }[];
}

const party = z.string().trim().toLowerCase().refine(isRelyingPartyId, 'This is not a domain of your own.');
const planInput = z.object({
  domain: party.nullish(),
  relyingPartyId: party.nullish(),
  authenticatorConfigId: id.nullish(),
});

/** Says before a change which passkeys would go on working after it. */
export function createRelyingPartyPlan({
  db,
  relyingParties,
}: {
  db: Db;
  relyingParties: RelyingPartiesService;
}) {
  /** Relying parties that some page could still use after the change, with how. */
  async function usableAfter(
    realmId: string,
    input: z.infer<typeof planInput>,
  ): Promise<Map<string, Exclude<Fate, 'STRANDED'>>> {
    const configs = await domains.selectOwnRelyingParties(db, realmId);
    const changed = input.authenticatorConfigId;
    if (changed != null && !configs.some((config) => config.id === changed))
      throw notFound('embedded authenticator config');
    const domain = input.domain ?? (await relyingParties.verifiedDomain(db, realmId));
    const { origin } = relyingParties;
    const usable = new Map<string, Exclude<Fate, 'STRANDED'>>();
    if (domain !== undefined) usable.set(domain, isWithin(domain, origin) ? 'DIRECT' : 'RELATED');
    usable.set(new URL(origin).hostname, 'DIRECT');
    for (const config of configs) {
      const own = config.id === changed ? input.relyingPartyId : config.relying_party_id;
      if (own != null) usable.set(own, 'DIRECT');
    }
    return usable;
  }

  return {
    /** @throws DomainError INVALID_INPUT unless it is asked about a domain, or about one config */
    async plan(ctx: RealmCtx, raw: unknown): Promise<RelyingPartyPlan> {
      requireScope(ctx, 'credentials:read');
      const input = parseInput(planInput, raw);
      const ofConfig = input.authenticatorConfigId != null;
      if (ofConfig === (input.domain != null) || (!ofConfig && input.relyingPartyId != null))
        throw invalid(
          'Ask about a domain, or about an authenticator config and its relying party.',
          'domain',
        );
      const usable = await usableAfter(ctx.realm.id, input);
      const surviving = [...usable.keys()];
      const counted = await queries.countPasskeys(db, ctx.realm.id, surviving);
      const parties = counted.parties.map((row) => ({
        relyingPartyId: row.relying_party_id,
        passkeys: row.passkeys,
        fate: usable.get(row.relying_party_id) ?? ('STRANDED' as const),
      }));
      const sum = (fate: Fate): number =>
        parties.reduce((all, one) => all + (one.fate === fate ? one.passkeys : 0), 0);
      const named =
        ctx.realm.kind === 'ADMIN'
          ? await queries.selectStrandedAdministrators(db, ctx.realm.id, surviving)
          : [];
      return {
        parties,
        direct: sum('DIRECT'),
        related: sum('RELATED'),
        stranded: sum('STRANDED'),
        strandedIdentities: counted.strandedIdentities,
        strandedAdministrators: named.map((row) => ({ id: row.id, displayName: row.display_name })),
      };
    },
  };
}
