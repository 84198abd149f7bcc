import type { Facts } from '@keyrealm/policy';
import type { Work } from '../../kernel/command.js';
import { DomainError } from '../../kernel/errors.js';
import type { ApplicationsService } from '../applications/applications.service.js';
import type { PoliciesService } from '../policies/policies.service.js';
import type { RelyingPartiesService } from '../relying-parties/relying-parties.service.js';
import type { AccessGuard, Warning } from './lockout.types.js';
import { type Candidate, lockAdminRealm, selectCandidates, wasEverBound } from './tenants.queries.js';

interface Deps {
  policies: PoliciesService;
  applications: Pick<ApplicationsService, 'findManaged'>;
  relyingParties: Pick<RelyingPartiesService, 'usableOnHosted'>;
}

const ONE_LEFT: Warning = {
  code: 'ONE_ADMINISTRATOR_LEFT',
  message: 'Only one administrator can still sign in to the console. Give a second one access and a passkey.',
};

/**
 * Asks, after a change in the Admin Realm and inside its transaction, who could still sign in to the console: by the
 * same evaluator as sign-in. Before the first passkey is bound, an open binding link counts as its holder's way in.
 */
export function createAccessGuard({ policies, applications, relyingParties }: Deps): AccessGuard {
  async function wayIn(work: Work, pending: boolean): Promise<number> {
    const realmId = work.ctx.realm.id;
    const consoleApp = await applications.findManaged(work.tx, realmId, 'ADMIN_CONSOLE');
    if (!consoleApp) throw new Error(`Admin Realm ${realmId} has no console`);
    const usable = new Set(await relyingParties.usableOnHosted(work.tx, realmId));
    const able = new Set<string>();
    for (const candidate of await selectCandidates(work.tx, realmId, pending)) {
      if (candidate.relying_party_id !== null && !usable.has(candidate.relying_party_id)) continue;
      const facts = factsOf(candidate, consoleApp.id, consoleApp.authenticator_config_id);
      const decision = await policies.wouldDecide(work.tx, realmId, facts);
      if (decision.outcome === 'ALLOW') able.add(candidate.id);
      if (able.size > 1) break;
    }
    return able.size;
  }

  const isUntouched = async (work: Work): Promise<boolean> =>
    !(await wasEverBound(work.tx, work.ctx.realm.id));

  return {
    async check(work) {
      if (work.ctx.realm.kind !== 'ADMIN') return [];
      await lockAdminRealm(work.tx, work.ctx.realm.id);
      const able = (await wayIn(work, false)) || ((await isUntouched(work)) ? await wayIn(work, true) : 0);
      if (able === 0)
        throw new DomainError(
          'conflict',
          'ADMIN_LOCKOUT',
          'After this change nobody could sign in to the console any more. First give another administrator access and a passkey.',
        );
      return able === 1 ? [ONE_LEFT] : [];
    },
  };
}

const factsOf = (candidate: Candidate, applicationId: string, configId: string): Facts => ({
  'transaction.kind': 'AUTHENTICATION',
  'application.id': applicationId,
  'authenticatorConfig.id': configId,
  'identity.id': candidate.id,
  'identity.status': 'ACTIVE',
  'identity.groups': new Set(candidate.groups),
  'passkey.aaguid': candidate.aaguid ?? undefined,
  'passkey.attested': candidate.attested ?? undefined,
  'passkey.backedUp': candidate.backed_up ?? undefined,
  'passkey.userVerified': candidate.user_verified ?? undefined,
});
