/** Why a link binds nothing. */
export type LinkProblem = 'LINK_INVALID' | 'LINK_EXPIRED' | 'LINK_USED' | 'LINK_REVOKED' | 'LINK_OUTGROWN';

export interface Refused {
  readonly result: 'refused';
  readonly code:
    | LinkProblem
    | 'CHALLENGE_INVALID'
    | 'MODEL_NOT_ALLOWED'
    | 'PASSKEY_REFUSED'
    | 'POLICY_DENIED';
  readonly message: string;
  /** Whether the author of the policy wrote the message for this case: it then goes before the page's own words. */
  readonly written?: boolean;
  /** The flow that the refusal belongs to. */
  readonly correlationId: string;
}

/** What each of them says to the person. */
export const SENTENCES = {
  LINK_INVALID: 'This link is not valid. Ask for a new one.',
  LINK_EXPIRED: 'This link has expired. Ask for a new one.',
  LINK_USED: 'This link was used already. Ask for a new one to bind another passkey.',
  LINK_REVOKED: 'This link was withdrawn. Ask for a new one.',
  LINK_OUTGROWN: 'Your rights were changed after this link was made. Ask for a new one.',
  CHALLENGE_INVALID: 'This took too long or was tried twice. Please start again.',
  MODEL_NOT_ALLOWED: 'This authenticator can’t be used here. Please use another one.',
  PASSKEY_REFUSED: 'This passkey was not accepted. Please try again.',
  POLICY_DENIED: 'The policy of this realm does not allow this passkey.',
} as const;
