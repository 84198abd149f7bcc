import type { Facts } from '@keyrealm/policy';
import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Runner, Work } from '../../kernel/command.js';
import type { RealmCtx } from '../../kernel/context.js';
import { anyone } from '../../kernel/permissions.js';
import type { AuthenticatorConfigsService } from '../authenticator-configs/authenticator-configs.service.js';
import {
  type BindingJobRow,
  type BindingJobsService,
  sessionOf,
  statusOf,
} from '../binding-jobs/binding-jobs.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import type { PasskeyRow, PasskeysService } from '../passkeys/passkeys.service.js';
import { reasonOf, registrationResponse } from '../passkeys/passkeys.types.js';
import type { PoliciesService } from '../policies/policies.service.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import { type LinkProblem, type Refused, SENTENCES } from './registration.types.js';

interface Deps {
  command: Runner;
  authenticatorConfigs: Pick<AuthenticatorConfigsService, 'find' | 'managed'>;
  bindingJobs: BindingJobsService;
  identities: IdentitiesService;
  passkeys: PasskeysService;
  policies: PoliciesService;
  sessions: Pick<SessionsService, 'find'>;
  /** Told of each passkey that is bound, with the locks of its identity and job, in the same transaction. */
  bound: (
    work: Work,
    what: { job: BindingJobRow; identity: IdentityRow; passkey: PasskeyRow },
  ) => Promise<void>;
}

const token = z.string().min(1).max(100);
const tokenInput = z.object({ token });
const verifyInput = z.object({ token, challengeId: z.string().max(64), response: registrationResponse });

type Usable = { job: BindingJobRow; identity: IdentityRow };

export type RegistrationService = ReturnType<typeof createRegistrationService>;

/** The binding of a passkey through a link: opened, challenged, completed; each step an event of one flow. */
export function createRegistrationService(deps: Deps) {
  const { command, authenticatorConfigs, bindingJobs, identities, passkeys, policies, sessions } = deps;

  const refuse = (work: Work, code: Refused['code'], correlationId?: string, message?: string): Refused => ({
    result: 'refused',
    code,
    message: message ?? SENTENCES[code],
    written: code === 'POLICY_DENIED' && message !== undefined,
    correlationId: correlationId ?? work.ctx.correlationId,
  });

  /** Whether the session has ended that the link was a part of; the identity's lock keeps it from ending now. */
  async function isCutOff(work: Work, linkToken: string): Promise<boolean> {
    const sessionId = sessionOf(linkToken);
    return sessionId !== undefined && !(await sessions.find(work.tx, work.ctx.realm.id, sessionId));
  }

  /** The job behind a link with its lock and its identity's, or the refusal, written down. */
  async function usable(work: Work, linkToken: string): Promise<Usable | Refused> {
    const seen = await bindingJobs.findByToken(work.tx, work.ctx.realm.id, linkToken);
    const identity = seen && (await identities.lockAlone(work, seen.identity_id));
    const job = identity && (await bindingJobs.lockByToken(work, linkToken));
    const outgrown = job && (await bindingJobs.isOutgrown(work, job));
    const cutOff = job && (await isCutOff(work, linkToken));
    const problem =
      problemOf(job, identity) ?? (outgrown ? 'LINK_OUTGROWN' : cutOff ? 'LINK_REVOKED' : undefined);
    if (job && identity && !problem) return { job, identity };
    const reason = problem ?? 'LINK_INVALID';
    work.record(
      'credential_binding_job.refused',
      { reason },
      {
        outcome: 'REFUSED',
        ...(job ? { subject: subjectOf(job), correlationId: job.correlation_id } : {}),
      },
    );
    return refuse(work, reason, job?.correlation_id);
  }

  /** Where the passkey is bound: the config that the job names, or the realm's own page. */
  async function configOf({ tx }: Work, { realm_id: realmId, authenticator_config_id: id }: BindingJobRow) {
    const named = id === null ? undefined : await authenticatorConfigs.find(tx, realmId, id);
    return named ?? authenticatorConfigs.managed(tx, realmId, 'HOSTED_WEB');
  }

  async function complete(work: Work, { job, identity }: Usable, input: z.infer<typeof verifyInput>) {
    const refusal = (code: Refused['code'], reason: string, message?: string, more: object = {}): Refused => {
      work.record(
        'registration.failed',
        { reason, bindingJobId: job.id, ...more },
        {
          outcome: code === 'POLICY_DENIED' || code === 'MODEL_NOT_ALLOWED' ? 'DENY' : 'FAILURE',
          subject: subjectOf(job),
          correlationId: job.correlation_id,
        },
      );
      return refuse(work, code, job.correlation_id, message);
    };
    const challenge = await passkeys.takeChallenge(work, input.challengeId, {
      purpose: 'REGISTRATION',
      bindingJobId: job.id,
    });
    if (!challenge) return refusal('CHALLENGE_INVALID', 'challenge');
    const config = await configOf(work, job);
    const info = await passkeys
      .checkRegistration(work, challenge, input.response, config.attestation)
      .catch((error: Error) => error);
    if (info instanceof Error) return refusal('PASSKEY_REFUSED', reasonOf(info));
    if (await passkeys.findByCredentialId(work.tx, identity.realm_id, info.credential.id))
      return refusal('PASSKEY_REFUSED', 'already_bound');
    const model = passkeys.modelFacts(info, now());
    const problem = passkeys.modelProblem(config, info, now());
    if (problem) {
      const { reason, message, ...more } = problem;
      return refusal('MODEL_NOT_ALLOWED', reason, message, { ...model, ...more });
    }
    const facts = await factsOf(work, job, identity, { ...info, configId: config.id });
    const decision = await policies.decide(work.within({ correlationId: job.correlation_id }), facts);
    if (decision.outcome !== 'ALLOW') return refusal('POLICY_DENIED', 'policy', decision.message);
    const passkey = await passkeys.add(work, identity.id, job.id, challenge.relyingParty.id, info);
    if (!passkey) return refusal('PASSKEY_REFUSED', 'already_bound');
    await bindingJobs.setStatus(work.tx, job, { status: 'COMPLETED', completed_at: now() });
    work.record(
      'registration.completed',
      {
        passkeyId: passkey.id,
        bindingJobId: job.id,
        passkeyName: passkey.name,
        deviceBound: passkey.device_bound,
        ...model,
      },
      {
        subject: { kind: 'CREDENTIAL', id: passkey.id, name: passkey.name },
        actor: actorOf(identity),
        correlationId: job.correlation_id,
      },
    );
    const known = { actor: actorOf(identity), correlationId: job.correlation_id };
    await deps.bound(work.within(known), { job, identity, passkey });
    return {
      result: 'bound' as const,
      passkey,
      redirectTo: job.redirect_uri,
      correlationId: job.correlation_id,
    };
  }

  async function factsOf(
    work: Work,
    job: BindingJobRow,
    identity: IdentityRow,
    info: {
      configId: string;
      aaguid: string;
      attestation: string;
      credentialDeviceType: string;
      credentialBackedUp: boolean;
      userVerified: boolean;
    },
  ): Promise<Facts> {
    return {
      'transaction.kind': 'REGISTRATION',
      'transaction.bindingLink': true,
      'transaction.bindingDelivery': job.delivery,
      'authenticatorConfig.id': info.configId,
      'identity.id': identity.id,
      'identity.status': identity.status,
      'identity.groups': new Set(await identities.groupIds(work.tx, identity.realm_id, identity.id)),
      'passkey.aaguid': info.aaguid,
      'passkey.attested': info.attestation === 'VERIFIED',
      'passkey.deviceBound': info.credentialDeviceType === 'singleDevice',
      'passkey.backedUp': info.credentialBackedUp,
      'passkey.userVerified': info.userVerified,
      ...policies.requestFacts(work.ctx),
    };
  }

  const markChallenged = command({
    name: 'registration.challenge',
    scope: anyone,
    input: tokenInput,
    body: async (work, input) => {
      const found = await usable(work, input.token);
      if ('result' in found) return found;
      await bindingJobs.setStatus(work.tx, found.job, { status: 'CHALLENGED' });
      work.record(
        'credential_binding_job.challenged',
        { identityId: found.identity.id },
        { subject: subjectOf(found.job), correlationId: found.job.correlation_id },
      );
      return { ...found, config: await configOf(work, found.job) };
    },
  });

  return {
    /** Tells the holder of the link whom it is for. */
    open: command({
      name: 'registration.open',
      scope: anyone,
      input: tokenInput,
      body: async (work, input) => {
        const found = await usable(work, input.token);
        if ('result' in found) return found;
        const { job, identity } = found;
        if (job.status === 'LINK_SENT') {
          await bindingJobs.setStatus(work.tx, job, { status: 'LINK_OPENED', opened_at: now() });
          work.record(
            'credential_binding_job.link_opened',
            { identityId: identity.id },
            { subject: subjectOf(job), correlationId: job.correlation_id },
          );
        } else work.unchanged();
        return {
          result: 'open' as const,
          identity,
          expiresAt: job.expires_at,
          correlationId: job.correlation_id,
        };
      },
    }),

    /** Options for `navigator.credentials.create` (WebAuthn Level 3, section 5.4). */
    async options(ctx: RealmCtx, input: unknown) {
      const found = await markChallenged(ctx, input);
      if ('result' in found) return found;
      const { identity, job, config } = found;
      const user = { id: identity.id, username: identity.username, displayName: identity.display_name };
      const made = await passkeys.registrationOptions(ctx.realm, user, job.id, config);
      return { result: 'options' as const, ...made, correlationId: job.correlation_id };
    },

    /** Ends the errand: the link is spent exactly when the passkey is bound. */
    verify: command({
      name: 'registration.verify',
      scope: anyone,
      input: verifyInput,
      body: async (work, input) => {
        const found = await usable(work, input.token);
        if ('result' in found) return found;
        const outcome = await complete(work, found, input);
        // Another challenge is to be had for the asking, and was no passkey that was refused.
        if (outcome.result === 'refused' && outcome.code !== 'CHALLENGE_INVALID')
          await bindingJobs.countRefusal(work, found.job);
        return outcome;
      },
    }),
  };
}

function problemOf(
  job: BindingJobRow | undefined,
  identity: IdentityRow | undefined,
): LinkProblem | undefined {
  if (!job || !identity) return 'LINK_INVALID';
  const status = statusOf(job);
  if (status === 'COMPLETED') return 'LINK_USED';
  if (status === 'EXPIRED') return 'LINK_EXPIRED';
  if (status === 'REVOKED' || identity.status !== 'ACTIVE') return 'LINK_REVOKED';
  return status === 'FAILED' || status === 'FAILED_TO_SEND' ? 'LINK_INVALID' : undefined;
}

const subjectOf = (job: BindingJobRow) => ({
  kind: 'CREDENTIAL_BINDING_JOB' as const,
  id: job.id,
  name: 'Binding link',
});

const actorOf = (row: IdentityRow) => ({
  kind: 'IDENTITY' as const,
  id: row.id,
  realmId: row.realm_id,
  displayName: row.display_name,
  username: row.username,
});
