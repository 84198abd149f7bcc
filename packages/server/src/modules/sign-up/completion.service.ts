import type { Facts } from '@keyrealm/policy';
import type { z } from 'zod';
import { parseAddress } from '../../kernel/address.js';
import { now } from '../../kernel/clock.js';
import type { Runner, Work } from '../../kernel/command.js';
import { DomainError } from '../../kernel/errors.js';
import { anyone } from '../../kernel/permissions.js';
import type { AuthenticationService } from '../authentication/authentication.service.js';
import type { Authenticated } from '../authentication/authentication.types.js';
import type {
  AuthenticatorConfigRow,
  AuthenticatorConfigsService,
} from '../authenticator-configs/authenticator-configs.service.js';
import {
  type IdentitiesService,
  type IdentityRow,
  usernameConstraints,
} from '../identities/identities.service.js';
import { NEW_PROFILE } from '../identities/identities.types.js';
import type { PasskeyRow, PasskeysService } from '../passkeys/passkeys.service.js';
import { reasonOf } from '../passkeys/passkeys.types.js';
import type { PoliciesService } from '../policies/policies.service.js';
import { lockWord, updateSignUp } from './sign-up.queries.js';
import { isWelcome, type SignUpService } from './sign-up.service.js';
import {
  type RefusalCode,
  refuseOthersAddress,
  type SignUpRefused,
  type SignUpRow,
  verifyInput,
} from './sign-up.types.js';

interface Deps {
  command: Runner;
  authenticatorConfigs: Pick<AuthenticatorConfigsService, 'find'>;
  identities: Pick<IdentitiesService, 'createIn' | 'lockShared'>;
  passkeys: PasskeysService;
  policies: Pick<PoliciesService, 'decide' | 'requestFacts'>;
  authentication: Pick<AuthenticationService, 'admit'>;
  signUp: Pick<SignUpService, 'isTaken' | 'proven' | 'refuse'>;
}

type Proven = SignUpRow & { readonly address: string };
type Input = z.infer<typeof verifyInput>;

export interface SignedUp {
  readonly result: 'signed-up';
  readonly identity: IdentityRow;
  /** The authorization that it began in, where there was one. */
  readonly interactionId: string | null;
  /** The session to go on with; null without an authorization, and where the policy lets the person not sign in. */
  readonly authenticated: Authenticated | null;
}

/** The end of a sign-up: the identity, its passkey and its first session, all of it or nothing. */
export function createSignUpCompletion(deps: Deps) {
  const { command, authenticatorConfigs, identities, passkeys, policies, authentication, signUp } = deps;

  async function checkPasskey(
    work: Work,
    row: Proven,
    config: AuthenticatorConfigRow,
    input: Input,
  ): Promise<SignUpRefused | Pick<Checked, 'info' | 'relyingPartyId'>> {
    const failed = (code: RefusalCode, reason: string, message?: string): SignUpRefused => {
      work.record('registration.failed', { reason, bindingJobId: null }, { outcome: 'FAILURE' });
      return signUp.refuse(work, code, row, message);
    };
    const challenge = await passkeys.takeChallenge(work, input.challengeId, {
      purpose: 'REGISTRATION',
      bindingJobId: row.id,
    });
    if (!challenge) return failed('CHALLENGE_INVALID', 'challenge');
    const info = await passkeys
      .checkRegistration(work, challenge, input.response, config.attestation)
      .catch((error: Error) => error);
    if (info instanceof Error) return failed('PASSKEY_REFUSED', reasonOf(info));
    if (await passkeys.findByCredentialId(work.tx, row.realm_id, info.credential.id))
      return failed('PASSKEY_REFUSED', 'already_bound');
    const problem = passkeys.modelProblem(config, info, now());
    if (problem) return failed('MODEL_NOT_ALLOWED', problem.reason, problem.message);
    const decision = await policies.decide(work, factsOf(policies.requestFacts(work.ctx), row, config, info));
    if (decision.outcome !== 'ALLOW') return failed('POLICY_DENIED', 'policy', decision.message);
    return { info, relyingPartyId: challenge.relyingParty.id };
  }

  async function complete(work: Work, row: Proven, input: Input): Promise<SignUpRefused | SignedUp> {
    const config = await authenticatorConfigs.find(work.tx, row.realm_id, row.authenticator_config_id);
    if (!config?.sign_up) return signUp.refuse(work, 'SIGN_UP_OFF', row);
    const proved = parseAddress(row.address);
    if (!proved || !isWelcome(config, proved)) return signUp.refuse(work, 'DOMAIN_NOT_ALLOWED', row);
    // Two who proved the same address end one after the other.
    await lockWord(work.tx, row.address_key);
    if (await signUp.isTaken(work.tx, row.realm_id, row.address))
      return signUp.refuse(work, 'ADDRESS_TAKEN', row);
    const checked = await checkPasskey(work, row, config, input);
    if ('result' in checked) return checked;
    const identity = await identities.createIn(work, profileOf(row, input), row.identity_id);
    const passkey = await passkeys.add(work, identity.id, null, checked.relyingPartyId, checked.info);
    // Bound by somebody else at this very moment: all of it is taken back.
    if (!passkey)
      throw new DomainError('conflict', 'WRONG_STATE', 'This passkey was not accepted. Please try again.');
    await updateSignUp(work.tx, row, { status: 'COMPLETED', token_hash: null, address: null });
    recordBound(work, identity, passkey, checked.info);
    work.record(
      'sign_up.completed',
      { passkeyId: passkey.id, applicationId: row.application_id },
      { subject: { kind: 'IDENTITY', id: identity.id, name: identity.display_name } },
    );
    return {
      result: 'signed-up',
      identity,
      interactionId: row.interaction_id,
      authenticated: await admit(work, row, passkey),
    };
  }

  function recordBound(work: Work, identity: IdentityRow, passkey: PasskeyRow, info: Checked['info']): void {
    const data = {
      passkeyId: passkey.id,
      bindingJobId: null,
      passkeyName: passkey.name,
      deviceBound: passkey.device_bound,
      ...passkeys.modelFacts(info, now()),
    };
    const { id, realm_id: realmId, display_name: displayName, username } = identity;
    work.record('registration.completed', data, {
      subject: { kind: 'CREDENTIAL', id: passkey.id, name: passkey.name },
      actor: { kind: 'IDENTITY', id, realmId, displayName, username },
    });
  }

  /** A passkey that was just made proves the same as one that signs in: that the person is there. */
  async function admit(work: Work, row: Proven, passkey: PasskeyRow): Promise<Authenticated | null> {
    if (row.interaction_id === null || row.application_id === null) return null;
    const identity = await identities.lockShared(work, row.identity_id);
    if (!identity) throw new Error(`identity ${row.identity_id} vanished while it was made`);
    const outcome = await authentication.admit(
      work,
      { applicationId: row.application_id },
      identity,
      passkey,
    );
    return outcome.result === 'succeeded' ? outcome.authenticated : null;
  }

  return {
    verify: command({
      name: 'sign-up.verify',
      scope: anyone,
      input: verifyInput,
      constraints: usernameConstraints,
      body: async (work, input): Promise<SignUpRefused | SignedUp> => {
        const row = await signUp.proven(work, input.token);
        if (!row) return signUp.refuse(work, 'SIGN_UP_INVALID');
        refuseOthersAddress(input.username ?? row.address, row.address);
        return complete(work.within({ correlationId: row.correlation_id }), row, input);
      },
    }),
  };
}

export type SignUpCompletion = ReturnType<typeof createSignUpCompletion>;

interface Checked {
  readonly info: Awaited<ReturnType<PasskeysService['checkRegistration']>>;
  readonly relyingPartyId: string;
}

const profileOf = (row: Proven, input: Input) => ({
  ...NEW_PROFILE,
  username: input.username ?? row.address,
  displayName: input.displayName,
  emails: [{ value: row.address, primary: true }],
});

const factsOf = (
  requestFacts: Facts,
  row: Proven,
  config: AuthenticatorConfigRow,
  info: Checked['info'],
): Facts => ({
  'transaction.kind': 'REGISTRATION',
  'transaction.bindingLink': true,
  'transaction.bindingDelivery': 'EMAIL',
  'authenticatorConfig.id': config.id,
  'identity.id': row.identity_id,
  'identity.status': 'ACTIVE',
  'identity.groups': new Set(),
  'passkey.aaguid': info.aaguid,
  'passkey.attested': info.attestation === 'VERIFIED',
  'passkey.deviceBound': info.credentialDeviceType === 'singleDevice',
  'passkey.backedUp': info.credentialBackedUp,
  'passkey.userVerified': info.userVerified,
  ...requestFacts,
});
