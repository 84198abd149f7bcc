import type { Facts } from '@keyrealm/policy';
import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Runner, Work } from '../../kernel/command.js';
import type { Actor, RealmCtx } from '../../kernel/context.js';
import { anyone } from '../../kernel/permissions.js';
import type { ApplicationsService } from '../applications/applications.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import type { PasskeyRow, PasskeysService } from '../passkeys/passkeys.service.js';
import { authenticationResponse, reasonOf } from '../passkeys/passkeys.types.js';
import type { PoliciesService } from '../policies/policies.service.js';
import type { SessionRow, SessionsService } from '../sessions/sessions.service.js';
import type { Authenticated } from './authentication.types.js';

interface Deps {
  command: Runner;
  identities: IdentitiesService;
  passkeys: PasskeysService;
  policies: PoliciesService;
  sessions: SessionsService;
  applications: ApplicationsService;
}

/** In milliseconds. */
const DAY = 86_400_000;

const input = z.object({
  interactionId: z.string().max(100),
  /** null: no application, but the realm itself. */
  applicationId: z.string().max(100).nullable(),
  challengeId: z.string().max(64),
  response: authenticationResponse,
});
type Input = z.infer<typeof input>;

export interface SignInRefused {
  readonly result: 'refused';
  readonly code: 'CHALLENGE_INVALID' | 'PASSKEY_UNKNOWN' | 'PASSKEY_REFUSED' | 'POLICY_DENIED';
  readonly message: string;
  /** Whether the author of the policy wrote the message for this case: it then goes before the page's own words. */
  readonly written?: boolean;
}
export type SignInOutcome =
  | { readonly result: 'succeeded'; readonly authenticated: Authenticated }
  | SignInRefused;

const SENTENCES = {
  CHALLENGE_INVALID: 'This took too long or was tried twice. Please try again.',
  PASSKEY_UNKNOWN: 'This passkey was not accepted. Use another one, or ask for a new link.',
  PASSKEY_REFUSED: 'This passkey was not accepted. Use another one, or ask for a new link.',
  POLICY_DENIED: 'You are not allowed to sign in to this application.',
} as const;

/** Of what a passkey proves: possession, with the user verified (RFC 8176). */
const AMR = ['pop', 'user', 'mfa'];
export const PASSKEY_ACR = 'urn:keyrealm:acr:passkey';

export type AuthenticationService = ReturnType<typeof createAuthenticationService>;

export function createAuthenticationService({
  command,
  identities,
  passkeys,
  policies,
  sessions,
  applications,
}: Deps) {
  /** Exactly one event for each attempt, committed with the spent challenge: refusals are returned. */
  async function attempt(work: Work, wanted: Input): Promise<SignInOutcome> {
    const failed = (code: SignInRefused['code'], reason: string): SignInRefused => {
      work.record(
        'authentication.failed',
        { reason, applicationId: wanted.applicationId },
        { outcome: 'FAILURE' },
      );
      return { result: 'refused', code, message: SENTENCES[code] };
    };
    const challenge = await passkeys.takeChallenge(work, wanted.challengeId, {
      purpose: 'AUTHENTICATION',
      interactionId: wanted.interactionId,
    });
    if (!challenge) return failed('CHALLENGE_INVALID', 'challenge');
    const known = await passkeys.findByCredentialId(work.tx, work.ctx.realm.id, wanted.response.id);
    const identity =
      known && passkeys.handleMatches(known, wanted.response.response.userHandle)
        ? await identities.lockShared(work, known.identity_id)
        : undefined;
    const used = identity
      ? await passkeys.use(work, known?.id ?? '', challenge, wanted.response).catch((error: Error) => error)
      : await passkeys.pretend(challenge, wanted.response);
    if (used instanceof Error) return failed(codeOf(used), identity ? reasonOf(used) : 'unknown_passkey');
    if (!identity || used.status !== 'ACTIVE') return failed('PASSKEY_UNKNOWN', 'revoked');
    return decide(work, wanted, identity, used);
  }

  /** The signature has proved who it is; now whether they may. */
  async function decide(
    work: Work,
    wanted: Pick<Input, 'applicationId'>,
    identity: IdentityRow,
    passkey: PasskeyRow,
  ): Promise<SignInOutcome> {
    const details = {
      actor: actorOf(identity),
      subject: { kind: 'IDENTITY' as const, id: identity.id, name: identity.display_name },
    };
    const denied = (code: SignInRefused['code'], reason: string, message?: string): SignInRefused => {
      const data = { reason, passkeyId: passkey.id, applicationId: wanted.applicationId };
      work.record('authentication.denied', data, { ...details, outcome: 'DENY' });
      return { result: 'refused', code, message: message ?? SENTENCES[code], written: message !== undefined };
    };
    if (identity.status !== 'ACTIVE') return denied('PASSKEY_REFUSED', 'identity_suspended');
    const acting = work.within({ actor: details.actor });
    const decision = await policies.decide(acting, await factsOf(work, wanted, identity, passkey));
    if (decision.outcome !== 'ALLOW')
      return denied('POLICY_DENIED', `policy:${decision.ruleId}`, decision.message);
    const session = await sessions.open(work, { identityId: identity.id, passkeyId: passkey.id });
    work.record(
      'authentication.succeeded',
      { passkeyId: passkey.id, sessionId: session.id, applicationId: wanted.applicationId },
      details,
    );
    return { result: 'succeeded', authenticated: provenBy(session) };
  }

  async function factsOf(
    work: Work,
    wanted: Pick<Input, 'applicationId'>,
    identity: IdentityRow,
    passkey: PasskeyRow,
  ): Promise<Facts> {
    const { applicationId } = wanted;
    const application =
      applicationId === null
        ? undefined
        : await applications.findRow(identity.realm_id, applicationId, work.tx);
    return {
      'transaction.kind': 'AUTHENTICATION',
      'application.id': application?.id,
      'authenticatorConfig.id': application?.authenticator_config_id,
      'identity.id': identity.id,
      'identity.status': identity.status,
      'identity.groups': new Set(await identities.groupIds(work.tx, identity.realm_id, identity.id)),
      'passkey.aaguid': passkey.aaguid,
      'passkey.attested': passkey.attestation === 'VERIFIED',
      'passkey.backedUp': passkey.backed_up,
      'passkey.userVerified': passkey.user_verified,
      'passkey.deviceBound': passkey.device_bound,
      'passkey.ageDays': Math.floor((now().getTime() - passkey.created_at.getTime()) / DAY),
      ...policies.requestFacts(work.ctx),
    };
  }

  return {
    /** Options for `navigator.credentials.get` (WebAuthn Level 3, section 5.5). */
    async options(
      ctx: RealmCtx,
      interactionId: string,
      applicationId: string | null,
      relyingPartyId?: string,
    ) {
      const config =
        applicationId === null
          ? undefined
          : await applications.authenticatorConfigOf(ctx.realm.id, applicationId);
      return passkeys.authenticationOptions(ctx.realm.id, interactionId, config, relyingPartyId);
    },
    /** For who has just proved themselves in another way, such as by making a passkey: whether they may sign in. */
    admit: decide,
    verify: command({ name: 'authentication.verify', scope: anyone, input, body: attempt }),

    /** Ends a session that a sign-in opened and nothing took up. */
    withdraw: command({
      name: 'authentication.withdraw',
      scope: anyone,
      input: z.object({ sessionId: z.string() }),
      body: async (work, { sessionId }): Promise<void> => {
        await sessions.end(work, sessionId);
        work.record(
          'session.ended',
          { reason: 'superseded' },
          { subject: { kind: 'SESSION', id: sessionId, name: 'Session' } },
        );
      },
    }),

    /** Single sign-on: whether the person of a session may go on to another application, by the policy as it is now. */
    goOn: command({
      name: 'authentication.goOn',
      scope: anyone,
      input: z.object({ sessionId: z.string(), applicationId: z.string() }),
      body: async (work, wanted): Promise<boolean> => {
        const session = await sessions.find(work.tx, work.ctx.realm.id, wanted.sessionId);
        const identity = session && (await identities.lockShared(work, session.identity_id));
        const passkey = session && (await passkeys.findRow(work.tx, session.realm_id, session.passkey_id));
        work.unchanged();
        if (identity?.status !== 'ACTIVE' || passkey?.status !== 'ACTIVE') return false;
        const acting = work.within({ actor: actorOf(identity) });
        const facts = await factsOf(work, wanted, identity, passkey);
        if ((await policies.decide(acting, facts)).outcome !== 'ALLOW') return false;
        // A sign-in from before proves nothing anew: where a rule asks for a step up, the person is asked.
        const stale = { ...facts, 'passkey.userVerified': false };
        const again = await policies.wouldDecide(work.tx, work.ctx.realm.id, stale);
        return again.outcome !== 'STEP_UP';
      },
    }),
  };
}

/** Whoever can't sign with a passkey learns nothing of it: a wrong signature is answered as a passkey that nobody knows. */
const codeOf = (error: Error): 'PASSKEY_UNKNOWN' | 'PASSKEY_REFUSED' =>
  reasonOf(error) === 'signature' ? 'PASSKEY_UNKNOWN' : 'PASSKEY_REFUSED';

/** Every session was opened by a passkey, at the moment when it was opened. */
export const provenBy = (session: SessionRow): Authenticated => ({
  identityId: session.identity_id,
  sessionId: session.id,
  authTime: Math.floor(session.created_at.getTime() / 1000),
  amr: AMR,
  acr: PASSKEY_ACR,
});

export const actorOf = (row: IdentityRow): Actor => ({
  kind: 'IDENTITY',
  id: row.id,
  realmId: row.realm_id,
  displayName: row.display_name,
  username: row.username,
});
