/** What a policy is asked about: the binding of a new passkey, or a sign-in. */
export type TransactionKind = 'REGISTRATION' | 'AUTHENTICATION';

export const TRANSACTION_KINDS = ['REGISTRATION', 'AUTHENTICATION'] as const satisfies TransactionKind[];

export const PLATFORMS = ['ANDROID', 'CHROMEOS', 'IOS', 'IPADOS', 'LINUX', 'MACOS', 'WINDOWS'] as const;

export const BROWSERS = ['CHROME', 'EDGE', 'FIREFOX', 'OPERA', 'SAFARI', 'SAMSUNG_INTERNET'] as const;

/** The kind of object that an id fact names; used to find ids that no longer exist. */
export type Reference = 'group' | 'application' | 'authenticatorConfig' | 'identity';

interface FactCommon {
  /** Short label for people, for example in a rule builder. */
  readonly title: string;
  /** The transaction kinds in which the fact can be present. It may still be missing in one of them. */
  readonly kinds: readonly TransactionKind[];
  /** The value tells of a person: an explanation for others leaves it out, see `redact`. */
  readonly personal?: true;
  /** The other side says so of itself, or a table guesses it: no proof of anything. */
  readonly advisory?: true;
}

/**
 * One row of the fact table. An `aaguid` is a lower-case UUID; an `ip` is an IPv4 or IPv6 address as text; a `country`
 * is an ISO 3166-1 alpha-2 code; an `instant` and a `clock` are RFC 3339 times as text; an `attribute` is whatever the
 * realm's attribute schema says it is.
 */
export type FactDefinition = FactCommon &
  (
    | { readonly type: 'enum'; readonly values: readonly string[] }
    | {
        readonly type: 'boolean' | 'aaguid' | 'ip' | 'country' | 'number' | 'instant' | 'clock' | 'attribute';
      }
    | { readonly type: 'id' | 'idSet'; readonly reference: Reference }
  );

const REGISTRATION_ONLY = ['REGISTRATION'] as const;
const AUTHENTICATION_ONLY = ['AUTHENTICATION'] as const;
const BOTH = { kinds: TRANSACTION_KINDS };

/** Every fact that a rule can ask about, but for the attributes of the identity, which each realm declares. */
export const FACTS = {
  'transaction.kind': {
    type: 'enum',
    values: TRANSACTION_KINDS,
    title: 'Transaction kind',
    ...BOTH,
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
    ...BOTH,
  },
  'identity.id': { type: 'id', reference: 'identity', title: 'Identity', ...BOTH, personal: true },
  'identity.status': {
    type: 'enum',
    values: ['ACTIVE', 'SUSPENDED'],
    title: 'Identity status',
    ...BOTH,
  },
  'identity.groups': {
    type: 'idSet',
    reference: 'group',
    title: 'Groups of the identity',
    ...BOTH,
    personal: true,
  },
  /** When the first passkey of the identity was bound; missing before that. */
  'identity.enrolledSince': { type: 'instant', title: 'Enrolled since', ...BOTH, personal: true },
  'passkey.aaguid': { type: 'aaguid', title: 'Authenticator model (AAGUID)', ...BOTH },
  'passkey.attested': { type: 'boolean', title: 'Maker vouched for the model', ...BOTH },
  'passkey.deviceBound': { type: 'boolean', title: 'Passkey is bound to one device', ...BOTH },
  'passkey.backedUp': { type: 'boolean', title: 'Passkey is backed up', ...BOTH },
  'passkey.userVerified': { type: 'boolean', title: 'User was verified', ...BOTH },
  /** Whole days since the passkey was bound. */
  'passkey.ageDays': { type: 'number', title: 'Age of the passkey in days', kinds: AUTHENTICATION_ONLY },
  /** The use before this one; missing at the first. */
  'passkey.lastUsed': {
    type: 'instant',
    title: 'Passkey last used',
    kinds: AUTHENTICATION_ONLY,
    personal: true,
  },
  /** Whole days since the use before this one, or since the binding where there was none. */
  'passkey.unusedDays': { type: 'number', title: 'Days without use', kinds: AUTHENTICATION_ONLY },
  'request.ip': { type: 'ip', title: 'IP address', ...BOTH, personal: true },
  'request.country': { type: 'country', title: 'Country', ...BOTH, personal: true, advisory: true },
  'request.platform': { type: 'enum', values: PLATFORMS, title: 'Platform', ...BOTH, advisory: true },
  'request.browser': { type: 'enum', values: BROWSERS, title: 'Browser', ...BOTH, advisory: true },
  'request.time': { type: 'clock', title: 'Time of the request', ...BOTH },
  /** Refused and failed ceremonies of the identity before this one. The windows are fixed so that a new rule can be tried on recorded facts. */
  'history.failuresIn10Minutes': { type: 'number', title: 'Failures in 10 minutes', ...BOTH },
  'history.failuresInHour': { type: 'number', title: 'Failures in an hour', ...BOTH },
  'history.failuresInDay': { type: 'number', title: 'Failures in a day', ...BOTH },
  'history.newIp': { type: 'boolean', title: 'IP address is new for the identity', ...BOTH },
  'history.newDevice': { type: 'boolean', title: 'Device is new for the identity', ...BOTH, advisory: true },
} as const satisfies Record<string, FactDefinition>;

/** The prefix of facts about attributes: `identity.attributes.department`. */
export const ATTRIBUTE_PREFIX = 'identity.attributes.';

export type AttributeName = `${typeof ATTRIBUTE_PREFIX}${string}`;

export type KnownFactName = keyof typeof FACTS;

export type FactName = KnownFactName | AttributeName;

export type FactType = FactDefinition['type'];

type ValueOf<D> = D extends { type: 'enum'; values: readonly (infer V)[] }
  ? V
  : D extends { type: 'boolean' }
    ? boolean
    : D extends { type: 'number' }
      ? number
      : D extends { type: 'idSet' }
        ? ReadonlySet<string>
        : string;

/** The value of one fact, for example `ReadonlySet<string>` (group ids) for `identity.groups`. */
export type FactValue<F extends KnownFactName> = ValueOf<(typeof FACTS)[F]>;

export type AttributeValue = string | number | boolean | ReadonlySet<string>;

/** What is known about one transaction. A fact that is left out, or undefined, is missing: neither true nor false. */
export type Facts = { readonly [F in KnownFactName]?: FactValue<F> | undefined } & {
  readonly [name: AttributeName]: AttributeValue | undefined;
};

/** The row of the fact table, with its type widened so that it can be switched on. */
export function definitionOf(fact: FactName): FactDefinition {
  if (isAttributeName(fact))
    return {
      type: 'attribute',
      title: `Attribute ${fact.slice(ATTRIBUTE_PREFIX.length)}`,
      ...BOTH,
      personal: true,
    };
  return FACTS[fact];
}

export function isFactName(name: unknown): name is FactName {
  return typeof name === 'string' && (Object.hasOwn(FACTS, name) || isAttributeName(name));
}

export function isAttributeName(name: string): name is AttributeName {
  return name.startsWith(ATTRIBUTE_PREFIX) && isName(name.slice(ATTRIBUTE_PREFIX.length));
}

/** Names of attributes and of lists: a letter, then letters, digits and underscores, at most 64 together. */
export function isName(text: string): boolean {
  return /^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(text);
}
