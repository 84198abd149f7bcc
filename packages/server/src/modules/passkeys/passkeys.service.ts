import { z } from 'zod';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { notFound } from '../../kernel/errors.js';
import { isId, newChallenge, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pagesOfMany, sliceOf } from '../../kernel/page.js';
import { id, line } from '../../kernel/text.js';
import type { AuthenticatorMetadataService } from '../authenticator-metadata/authenticator-metadata.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import type {
  CeremonyConfig,
  RelyingPartiesService,
  RelyingParty,
} from '../relying-parties/relying-parties.service.js';
import type { RolesService } from '../roles/roles.service.js';
import type { AccessGuard, Warning } from '../tenants/lockout.types.js';
import { modelFacts, modelProblem, provenName } from './model-rules.js';
import { nameFrom } from './models.js';
import * as queries from './passkeys.queries.js';
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from './passkeys.types.js';
import * as webauthn from './webauthn.js';

export type { PasskeyRow } from './passkeys.queries.js';

type PasskeyRow = queries.PasskeyRow;

interface Deps {
  db: Db;
  command: Runner;
  sessions: { endOpenedBy(work: Work, passkeyId: string): Promise<number> };
  identities: Pick<IdentitiesService, 'lockAlone'>;
  roles: Pick<RolesService, 'refuseMorePowerful'>;
  guard: AccessGuard;
  relyingParties: RelyingPartiesService;
  metadata: Pick<AuthenticatorMetadataService, 'model'>;
}

const CHALLENGE_SECONDS = 300;

type Purpose =
  | { readonly purpose: 'REGISTRATION'; readonly bindingJobId: string }
  | { readonly purpose: 'AUTHENTICATION'; readonly interactionId: string };

/** What a response is checked against. */
export interface TakenChallenge {
  readonly challenge: Buffer;
  readonly relyingParty: RelyingParty;
}

export type PasskeysService = ReturnType<typeof createPasskeysService>;

export function createPasskeysService(deps: Deps) {
  const { db, command, sessions, identities, roles, guard, relyingParties, metadata } = deps;

  async function issueChallenge(realmId: string, rp: RelyingParty, purpose: Purpose) {
    const challenge = newChallenge();
    const challengeId = newId();
    await queries.insertChallenge(db, {
      realm_id: realmId,
      id: challengeId,
      purpose: purpose.purpose,
      challenge: Buffer.from(challenge),
      binding_job_id: purpose.purpose === 'REGISTRATION' ? purpose.bindingJobId : null,
      interaction_id: purpose.purpose === 'AUTHENTICATION' ? purpose.interactionId : null,
      expires_at: secondsFromNow(CHALLENGE_SECONDS),
      relying_party_id: rp.id,
      origins: [...rp.origins],
    });
    return { challengeId, challenge };
  }

  return {
    async registrationOptions(
      realm: { id: string; displayName: string },
      user: { id: string; username: string; displayName: string },
      bindingJobId: string,
      config: CeremonyConfig & { readonly attestation: webauthn.Conveyance },
    ) {
      const rp = await relyingParties.relyingPartyFor(realm, config);
      const existing = await queries.selectActiveOf(db, realm.id, user.id);
      const { challengeId, challenge } = await issueChallenge(realm.id, rp, {
        purpose: 'REGISTRATION',
        bindingJobId,
      });
      const owner = { ...user, realmId: realm.id };
      return {
        challengeId,
        options: await webauthn.registrationOptions(
          rp,
          realm.displayName,
          owner,
          existing,
          challenge,
          config.attestation,
        ),
      };
    },

    /** @param wanted another relying party of those that the page may use */
    async authenticationOptions(
      realmId: string,
      interactionId: string,
      config?: CeremonyConfig,
      wanted?: string,
    ) {
      const rp = await relyingParties.relyingPartyFor({ id: realmId }, config, wanted);
      const { challengeId, challenge } = await issueChallenge(realmId, rp, {
        purpose: 'AUTHENTICATION',
        interactionId,
      });
      return {
        challengeId,
        options: await webauthn.authenticationOptions(rp, challenge),
        otherRelyingPartyIds: await relyingParties.otherRelyingParties(realmId, config),
      };
    },

    /** @returns undefined when it is unknown, used, too old, or belongs to something else */
    async takeChallenge(
      work: Work,
      challengeId: string,
      purpose: Purpose,
    ): Promise<TakenChallenge | undefined> {
      if (!isId(challengeId)) return undefined;
      const row = await queries.takeChallenge(work.tx, work.ctx.realm.id, challengeId);
      if (!row || row.purpose !== purpose.purpose || row.expires_at <= now()) return undefined;
      const belongs =
        purpose.purpose === 'REGISTRATION'
          ? row.binding_job_id === purpose.bindingJobId
          : row.interaction_id === purpose.interactionId;
      const relyingParty = { id: row.relying_party_id, origins: row.origins };
      return belongs ? { challenge: row.challenge, relyingParty } : undefined;
    },

    /** @throws Error when it does not prove what it should, with a cause for the log */
    checkRegistration: (
      work: Work,
      { challenge, relyingParty }: TakenChallenge,
      response: RegistrationResponseJSON,
      conveyance: webauthn.Conveyance,
    ) =>
      webauthn.checkRegistration(relyingParty, challenge, response, {
        conveyance,
        findModel: (aaguid) => metadata.model(work.tx, aaguid),
      }),

    modelProblem,
    modelFacts,

    /**
     * Keeps a passkey whose proof was checked.
     * @returns undefined where someone else has bound it meanwhile
     */
    add: (
      work: Work,
      identityId: string,
      bindingJobId: string | null,
      relyingPartyId: string,
      info: Awaited<ReturnType<typeof webauthn.checkRegistration>>,
    ) =>
      queries.insertPasskey(work.tx, {
        realm_id: work.ctx.realm.id,
        id: newId(),
        identity_id: identityId,
        binding_job_id: bindingJobId,
        credential_id: Buffer.from(info.credential.id, 'base64url'),
        public_key: Buffer.from(info.credential.publicKey),
        algorithm: webauthn.algorithmOf(info.credential.publicKey),
        sign_count: info.credential.counter,
        name: nameFrom(info.aaguid, work.ctx.userAgent, provenName(info)),
        aaguid: info.aaguid,
        device_bound: info.credentialDeviceType === 'singleDevice',
        backed_up: info.credentialBackedUp,
        user_verified: info.userVerified,
        transports: info.credential.transports ?? [],
        attestation_format: info.fmt,
        attestation: info.attestation,
        attested_model: provenName(info),
        relying_party_id: relyingPartyId,
        created_ip: work.ctx.ip,
        created_user_agent: work.ctx.userAgent,
      }),

    findRow: (source: Db | Tx, realmId: string, passkeyId: string) =>
      queries.selectPasskey(source, realmId, passkeyId),

    findByCredentialId: (source: Db | Tx, realmId: string, credentialId: string) =>
      queries.selectByCredentialId(source, realmId, Buffer.from(credentialId, 'base64url')),

    /** The handle of an assertion names the realm and the identity that the passkey must be of. */
    handleMatches: (row: PasskeyRow, handle: string | undefined): boolean =>
      handle !== undefined &&
      Buffer.from(webauthn.userHandle(row.realm_id, row.identity_id)).equals(
        Buffer.from(handle, 'base64url'),
      ),

    /**
     * Under the passkey's lock: checks the assertion and keeps its counter and backup state. One that was revoked comes
     * back as it is, and stays so.
     * @throws Error when it is not proved, with a cause for the log
     */
    async use(
      work: Work,
      passkeyId: string,
      { challenge, relyingParty }: TakenChallenge,
      response: AuthenticationResponseJSON,
    ): Promise<PasskeyRow> {
      const row = await queries.lockPasskey(work.tx, work.ctx.realm.id, passkeyId);
      if (!row) throw await webauthn.checkDecoy(relyingParty, challenge, response);
      const info = await webauthn.checkAuthentication(relyingParty, challenge, row, response);
      if (row.relying_party_id !== relyingParty.id) throw new Error('passkey of another RP ID');
      if (row.status !== 'ACTIVE') return row;
      const used = {
        sign_count: info.newCounter,
        backed_up: info.credentialBackedUp,
        last_used_at: now(),
        last_used_ip: work.ctx.ip,
        last_used_user_agent: work.ctx.userAgent,
      };
      await queries.updateUse(work.tx, row, used);
      return { ...row, ...used, user_verified: info.userVerified };
    },

    /** For a passkey that nobody knows: as slow as the real thing. @returns why it was refused */
    pretend: ({ challenge, relyingParty }: TakenChallenge, response: AuthenticationResponseJSON) =>
      webauthn.checkDecoy(relyingParty, challenge, response),

    async find(ctx: RealmCtx, passkeyId: string): Promise<PasskeyRow | undefined> {
      requireScope(ctx, 'credentials:read');
      return isId(passkeyId) ? queries.selectPasskey(db, ctx.realm.id, passkeyId) : undefined;
    },

    /** @returns a page for each identity, in the order asked */
    async ofMany(ctx: RealmCtx, identityIds: readonly string[], args: PageArgs): Promise<Page<PasskeyRow>[]> {
      requireScope(ctx, 'credentials:read');
      const slice = sliceOf(args);
      const rows = await queries.selectPasskeysOfMany(db, ctx.realm.id, identityIds, slice);
      return pagesOfMany(slice, identityIds, rows, (row) => row.identity_id);
    },

    rename: command({
      name: 'passkeys.rename',
      scope: 'identities:update',
      input: z.object({ credentialId: id, name: line(100) }),
      body: async (work, input): Promise<PasskeyRow> => {
        const row = await queries.lockPasskey(work.tx, work.ctx.realm.id, input.credentialId);
        if (!row) throw notFound('passkey');
        await roles.refuseMorePowerful(work, row.identity_id);
        if (row.name === input.name) {
          work.unchanged();
          return row;
        }
        work.record(
          'credential.renamed',
          { passkeyName: input.name, previousPasskeyName: row.name },
          { subject: { kind: 'CREDENTIAL', id: row.id, name: input.name } },
        );
        return queries.renamePasskey(work.tx, row, input.name, now());
      },
    }),

    revoke: command({
      name: 'passkeys.revoke',
      scope: 'credentials:revoke',
      input: z.object({ credentialId: id }),
      body: async (work, input): Promise<{ passkey: PasskeyRow; warnings: readonly Warning[] }> => {
        const seen = await queries.selectPasskey(work.tx, work.ctx.realm.id, input.credentialId);
        if (seen) await identities.lockAlone(work, seen.identity_id);
        const row = await queries.lockPasskey(work.tx, work.ctx.realm.id, input.credentialId);
        if (!row) throw notFound('passkey');
        await roles.refuseMorePowerful(work, row.identity_id);
        if (row.status === 'REVOKED') {
          work.unchanged();
          return { passkey: row, warnings: [] };
        }
        const endedSessions = await sessions.endOpenedBy(work, row.id);
        const passkey = await queries.revokePasskey(work.tx, row, now());
        work.record(
          'credential.revoked',
          { passkeyName: row.name, endedSessions },
          { subject: { kind: 'CREDENTIAL', id: row.id, name: row.name } },
        );
        return { passkey, warnings: await guard.check(work) };
      },
    }),
  };
}
