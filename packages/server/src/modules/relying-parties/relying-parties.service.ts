import { DomainError } from '../../kernel/errors.js';
import type { AuthenticatorConfigRow } from '../authenticator-configs/authenticator-configs.service.js';
import { isWithin } from './origins.js';

/** Whom a passkey is for, and the pages that its answers are taken from. */
export interface RelyingParty {
  readonly id: string;
  /** Exact, as browsers write them; at least one. */
  readonly origins: readonly string[];
}

/** What of a config decides it. */
export type CeremonyConfig = Pick<AuthenticatorConfigRow, 'kind' | 'relying_party_id' | 'trusted_origins'>;

interface Deps {
  publicUrl: string;
}

export type RelyingPartiesService = ReturnType<typeof createRelyingPartiesService>;

export function createRelyingPartiesService({ publicUrl }: Deps) {
  const { origin, hostname } = new URL(publicUrl);

  return {
    /**
     * The relying party of a ceremony: the realm's own on its hosted pages, the application's on its own page.
     * @throws DomainError WRONG_STATE where the config has no page that could hold a ceremony
     */
    async relyingPartyFor(_realm: { readonly id: string }, config?: CeremonyConfig): Promise<RelyingParty> {
      const own: RelyingParty = { id: hostname, origins: [origin] };
      if (config === undefined || config.kind === 'HOSTED_WEB') return own;
      if (config.kind === 'NONE') throw wrongState('This application signs nobody in.');
      const id = config.relying_party_id ?? own.id;
      const origins = config.trusted_origins.filter((trusted) => isWithin(id, trusted));
      if (origins.length === 0)
        throw wrongState(`None of the trusted origins of this application may use passkeys of ${id}.`);
      return { id, origins };
    },
  };
}

const wrongState = (message: string): DomainError => new DomainError('conflict', 'WRONG_STATE', message);
