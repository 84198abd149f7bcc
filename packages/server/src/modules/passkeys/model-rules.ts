import type { AuthenticatorConfigRow } from '../authenticator-configs/authenticator-configs.service.js';
import {
  hasUpdate,
  type MetadataModel,
  type Untrustworthy,
  weaknessOf,
} from '../authenticator-metadata/authenticator-metadata.types.js';
import type { Attestation } from './attestation.js';
import { modelOf } from './models.js';

/** What of a config decides which authenticators may be bound. */
export type ModelRules = Pick<AuthenticatorConfigRow, 'attestation' | 'allowed_models' | 'denied_models'>;

/** What a new passkey says and proves of the model that it is on. */
export interface ModelProof {
  readonly aaguid: string;
  readonly attestation: Attestation;
  /** What the metadata says of it; looked up only where an attestation was asked for. */
  readonly model: MetadataModel | undefined;
}

export interface ModelProblem {
  readonly reason: 'model_compromised' | 'model_denied' | 'model_not_attested' | 'model_not_listed';
  /** For the person. */
  readonly message: string;
  readonly weakness?: Untrustworthy;
}

export const modelName = ({ aaguid, model }: ModelProof): string =>
  model?.description ?? modelOf(aaguid).name;

/** The name that was proved, if one was. */
export function provenName(proof: ModelProof): string | null {
  if (proof.attestation !== 'VERIFIED') return null;
  const listed = modelOf(proof.aaguid);
  return proof.model?.description ?? (listed.kind === 'KNOWN' ? listed.name : null);
}

/** What an event keeps of it. */
export const modelFacts = (proof: ModelProof, at: Date) => ({
  aaguid: proof.aaguid,
  modelName: modelName(proof),
  attestation: proof.attestation,
  ...(proof.model && hasUpdate(proof.model, at) ? { updateAvailable: true } : {}),
});

const PLEASE = 'Please use another authenticator.';

/** Why a passkey may not be bound under these rules, if it may not. */
export function modelProblem(rules: ModelRules, proof: ModelProof, at: Date): ModelProblem | undefined {
  const { allowed_models: allowed, denied_models: denied } = rules;
  const kind = modelOf(proof.aaguid).kind;
  const name = kind === 'NOT_ATTESTED' ? 'An authenticator that does not name its model' : modelName(proof);
  const message = `${name} can't be used here. ${PLEASE}`;
  if (denied.includes(proof.aaguid)) return { reason: 'model_denied', message };
  if (allowed && !allowed.includes(proof.aaguid)) return { reason: 'model_not_listed', message };
  if (rules.attestation !== 'DIRECT') return undefined;
  const weakness = proof.model && weaknessOf(proof.model, at);
  if (weakness)
    return {
      reason: 'model_compromised',
      weakness,
      message: `${name} has a known weakness and can't be used here. ${PLEASE}`,
    };
  if (allowed && proof.attestation !== 'VERIFIED')
    return {
      reason: 'model_not_attested',
      message: `Only authenticators that prove their model can be used here, and this one did not. ${PLEASE}`,
    };
  return undefined;
}
