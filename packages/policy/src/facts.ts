/** What a policy is asked about: the binding of a new passkey, or a sign-in. */
export type TransactionKind = 'REGISTRATION' | 'AUTHENTICATION';

export const TRANSACTION_KINDS = ['REGISTRATION', 'AUTHENTICATION'] as const satisfies TransactionKind[];

/** The kind of object that an id fact names; used to find ids that no longer exist. */
export type Reference = 'group' | 'application' | 'authenticatorConfig' | 'identity';

interface FactCommon {
  /** Short label for people, for example in a rule builder. */
  readonly title: string;
  /** The transaction kinds in which the fact can be present. It may still be missing in one of them. */
  readonly kinds: readonly TransactionKind[];
}

/** One row of the fact table. An `aaguid` is a lower-case UUID; an `ip` is an IPv4 or IPv6 address as text. */
export type FactDefinition = FactCommon &
  (
    | { readonly type: 'enum'; readonly values: readonly string[] }
    | { readonly type: 'boolean' | 'aaguid' | 'ip' }
    | { readonly type: 'id' | 'idSet'; readonly reference: Reference }
  );

const REGISTRATION_ONLY = ['REGISTRATION'] as const;
const AUTHENTICATION_ONLY = ['AUTHENTICATION'] as const;

/** Every fact that a rule can ask about. */
export const FACTS = {
  'transaction.kind': {
    type: 'enum',
    values: TRANSACTION_KINDS,
    title: 'Transaction kind',
    kinds: TRANSACTION_KINDS,
  },
  'transaction.bindingLink': {
    type: 'boolean',
    title: 'Holds a valid binding link',
    kinds: REGISTRATION_ONLY,
  },
  'transaction.bindingDelivery': {
    type: 'enum',
    values: ['RETURN', 'EMAIL'],
    title: 'Delivery of the binding link',
    kinds: REGISTRATION_ONLY,
  },
  'application.id': {
    type: 'id',
    reference: 'application',
    title: 'Application',
    kinds: AUTHENTICATION_ONLY,
  },
  'authenticatorConfig.id': {
    type: 'id',
    reference: 'authenticatorConfig',
    title: 'Authenticator config',
    kinds: TRANSACTION_KINDS,
  },
  'identity.id': { type: 'id', reference: 'identity', title: 'Identity', kinds: TRANSACTION_KINDS },
  'identity.status': {
    type: 'enum',
    values: ['ACTIVE', 'SUSPENDED'],
    title: 'Identity status',
    kinds: TRANSACTION_KINDS,
  },
  'identity.groups': {
    type: 'idSet',
    reference: 'group',
    title: 'Groups of the identity',
    kinds: TRANSACTION_KINDS,
  },
  'passkey.aaguid': { type: 'aaguid', title: 'Authenticator model (AAGUID)', kinds: TRANSACTION_KINDS },
  'passkey.attested': {
    type: 'boolean',
    title: 'Maker vouched for the model',
    kinds: TRANSACTION_KINDS,
  },
  'passkey.backedUp': { type: 'boolean', title: 'Passkey is backed up', kinds: TRANSACTION_KINDS },
  'passkey.userVerified': { type: 'boolean', title: 'User was verified', kinds: TRANSACTION_KINDS },
  'request.ip': { type: 'ip', title: 'IP address', kinds: TRANSACTION_KINDS },
} as const satisfies Record<string, FactDefinition>;

export type FactName = keyof typeof FACTS;

export type FactType = FactDefinition['type'];

type ValueOf<D> = D extends { type: 'enum'; values: readonly (infer V)[] }
  ? V
  : D extends { type: 'boolean' }
    ? boolean
    : D extends { type: 'idSet' }
      ? ReadonlySet<string>
      : string;

/** The value of one fact, for example `ReadonlySet<string>` (group ids) for `identity.groups`. */
export type FactValue<F extends FactName> = ValueOf<(typeof FACTS)[F]>;

/** What is known about one transaction. A fact that is left out, or undefined, is missing: neither true nor false. */
export type Facts = { readonly [F in FactName]?: FactValue<F> | undefined };

/** The row of the fact table, with its type widened so that it can be switched on. */
export function definitionOf(fact: FactName): FactDefinition {
  return FACTS[fact];
}

export function isFactName(name: unknown): name is FactName {
  return typeof name === 'string' && Object.hasOwn(FACTS, name);
}
