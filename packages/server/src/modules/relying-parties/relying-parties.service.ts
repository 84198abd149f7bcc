import type { Db, Tx } from '../../kernel/command.js';
import { DomainError } from '../../kernel/errors.js';
import type { AuthenticatorConfigRow } from '../authenticator-configs/authenticator-configs.service.js';
import * as queries from './domains.queries.js';
import { isWithin, labelOf } from './origins.types.js';

/** Whom a passkey is for, and the pages that its answers are taken from. */
export interface RelyingParty {
  readonly id: string;
  /** Exact, as browsers write them; at least one. */
  readonly origins: readonly string[];
}

/** What of a config decides it. */
export type CeremonyConfig = Pick<AuthenticatorConfigRow, 'kind' | 'relying_party_id' | 'trusted_origins'>;

interface Deps {
  db: Db;
  publicUrl: string;
}

/** How many labels browsers read of a list of related origins (WebAuthn Level 3, section 5.11.1). */
const LABELS = 5;
const MOST_ORIGINS = 100;

export type RelyingPartiesService = ReturnType<typeof createRelyingPartiesService>;

export function createRelyingPartiesService({ db, publicUrl }: Deps) {
  const { origin, hostname, protocol, port } = new URL(publicUrl);
  const local = hostname === 'localhost' || hostname.endsWith('.localhost');

  /** A domain is at the standard port of HTTPS; one of this machine is wherever we are. */
  const originOf = (domain: string): string =>
    local && domain.endsWith('.localhost')
      ? `${protocol}//${domain}${port === '' ? '' : `:${port}`}`
      : `https://${domain}`;

  const verifiedDomain = async (source: Db | Tx, realmId: string): Promise<string | undefined> => {
    const row = await queries.selectDomain(source, realmId);
    return row?.verified_at ? row.domain : undefined;
  };

  /** In order of importance, as far as browsers read on. */
  function readable(origins: readonly string[]): string[] {
    const labels = new Set<string>();
    const kept: string[] = [];
    for (const one of new Set(origins)) {
      const label = labelOf(one);
      if (label === undefined || (!labels.has(label) && labels.size === LABELS)) continue;
      labels.add(label);
      kept.push(one);
    }
    return kept.slice(0, MOST_ORIGINS);
  }

  /** The pages that may use passkeys of a realm's own domain: of that realm alone, since they could also spoil them. */
  const relatedTo = async (source: Db | Tx, realmId: string, domain: string): Promise<string[]> =>
    readable([originOf(domain), origin, ...(await queries.selectSharingOrigins(source, realmId, domain))]);

  /**
   * The first is for new passkeys; the others are those that the realm's pages could use before. Hosted pages are at
   * the public address alone: whoever has the domain, by now or by name only, could otherwise pass our challenges on.
   */
  async function hosted(realmId: string): Promise<[RelyingParty, ...RelyingParty[]]> {
    const domain = await verifiedDomain(db, realmId);
    const shared = { id: hostname, origins: [origin] };
    return domain === undefined ? [shared] : [{ id: domain, origins: [origin] }, shared];
  }

  return {
    origin,
    local,
    originOf,
    verifiedDomain,

    /**
     * The relying party of a ceremony: the realm's own on its hosted pages, the application's on its own page.
     * @param wanted another one of those that the page may use
     * @throws DomainError WRONG_STATE where the config has no page that could hold a ceremony
     */
    async relyingPartyFor(
      realm: { readonly id: string },
      config?: CeremonyConfig,
      wanted?: string,
    ): Promise<RelyingParty> {
      if (config?.kind === 'NONE') throw wrongState('This application signs nobody in.');
      if (config?.kind !== 'EMBEDDED') {
        const parties = await hosted(realm.id);
        return parties.find((party) => party.id === wanted) ?? parties[0];
      }
      const domain = await verifiedDomain(db, realm.id);
      const id = config.relying_party_id ?? domain ?? hostname;
      const related = id === domain ? await relatedTo(db, realm.id, id) : [];
      const origins = config.trusted_origins.filter(
        (trusted) => isWithin(id, trusted) || related.includes(trusted),
      );
      if (origins.length === 0)
        throw wrongState(`None of the trusted origins of this application may use passkeys of ${id}.`);
      return { id, origins };
    },

    /** Relying parties whose passkeys the hosted pages of a realm take besides the first. */
    async otherRelyingParties(realmId: string, config?: CeremonyConfig): Promise<string[]> {
      if (config !== undefined && config.kind !== 'HOSTED_WEB') return [];
      return (await hosted(realmId)).slice(1).map((party) => party.id);
    },

    /** All whose passkeys the hosted pages of a realm take, as it is in the open transaction. */
    async usableOnHosted(source: Db | Tx, realmId: string): Promise<string[]> {
      const domain = await verifiedDomain(source, realmId);
      return domain === undefined ? [hostname] : [domain, hostname];
    },

    /**
     * The origins that may use passkeys of a host (WebAuthn Level 3, section 5.11), for that host to serve.
     * @returns undefined for a host that is none of ours
     */
    async relatedOrigins(host: string): Promise<string[] | undefined> {
      if (host === hostname) return [origin];
      const found = await queries.selectRealmOfDomain(db, host);
      return found && relatedTo(db, found.realm_id, host);
    },
  };
}

const wrongState = (message: string): DomainError => new DomainError('conflict', 'WRONG_STATE', message);
