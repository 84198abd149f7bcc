import { z } from 'zod';
import { invalid } from '../../kernel/errors.js';
import { id, ifVersion, line } from '../../kernel/text.js';
import {
  isHostName,
  isRelyingPartyId,
  isTrustworthyOrigin,
  isWithin,
} from '../relying-parties/origins.types.js';
import type { AuthenticatorConfigRow } from './authenticator-configs.queries.js';

export const AUTHENTICATOR_KINDS = ['HOSTED_WEB', 'EMBEDDED', 'NONE'] as const;

const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];
const AT_MOST = 'At most 100 entries.';

const origins = z
  .array(
    z
      .string()
      .max(300)
      .refine(
        isTrustworthyOrigin,
        'An origin is exact and has no wildcard and no path: https://app.example.com, or http of localhost.',
      ),
  )
  .max(100, AT_MOST)
  .transform(distinct);

const models = z
  .array(
    z
      .string()
      .toLowerCase()
      .regex(
        /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
        'A model is named by its AAGUID, such as ee882879-721c-4913-9775-3dfcce97072a.',
      ),
  )
  .max(100, AT_MOST)
  .transform(distinct);

const domains = z
  .array(
    z
      .string()
      .trim()
      .toLowerCase()
      .refine(isHostName, 'This is not the domain of an e-mail address, such as example.com.'),
  )
  .min(1, 'Name a domain, or allow every domain.')
  .max(100, AT_MOST)
  .transform(distinct);

const invokeUrl = z
  .string()
  .max(2000)
  .refine((value) => problemOfPage(value) === undefined, {
    error: (issue) => problemOfPage(String(issue.input)) ?? '',
  });

/** A page of an application, as a redirect target (RFC 8252, section 7.1): never a scheme that a browser runs itself. */
function problemOfPage(value: string): string | undefined {
  const url = URL.parse(value);
  if (!url || /[*\s]/.test(value)) return 'This is no absolute address.';
  if (value.includes('#')) return 'The address has no fragment.';
  if (url.username || url.password) return 'The address has no user name and no password.';
  if (url.protocol === 'https:' || url.protocol === 'http:')
    return isTrustworthyOrigin(url.origin)
      ? undefined
      : 'Plain http is allowed for localhost only; use https.';
  if (!/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(url.protocol))
    return 'The scheme of an app is a reversed domain name, such as com.example.app:/keyrealm.';
  return url.pathname.startsWith('/')
    ? undefined
    : 'After the scheme comes a slash: com.example.app:/keyrealm.';
}

const settings = {
  displayName: line(200),
  invocation: z.enum(['AUTOMATIC', 'MANUAL']).nullish(),
  invokeUrl: invokeUrl.nullish(),
  trustedOrigins: origins.optional(),
  relyingPartyId: z
    .string()
    .refine(isRelyingPartyId, 'This is no domain that can hold passkeys, such as example.com.')
    .nullish(),
  attestation: z.enum(['NONE', 'DIRECT']).optional(),
  allowedModels: models
    .refine((values) => values.length > 0, 'Name a model, or allow every model.')
    .nullish(),
  deniedModels: models.optional(),
  signUp: z.boolean().optional(),
  signUpProof: z.enum(['LINK', 'CODE']).optional(),
  signUpDomains: domains.nullish(),
};

export const configInput = z.object({ kind: z.enum(AUTHENTICATOR_KINDS), ...settings });
export const configChange = z.object({
  authenticatorConfigId: id,
  ifVersion,
  ...settings,
  displayName: settings.displayName.optional(),
});

export type ConfigSettings = Omit<z.infer<typeof configInput>, 'kind' | 'displayName'> & {
  readonly displayName?: string | undefined;
};

/** Field -> column; the names are those of the API. */
const COLUMNS = {
  displayName: 'display_name',
  invocation: 'invocation',
  invokeUrl: 'invoke_url',
  trustedOrigins: 'trusted_origins',
  relyingPartyId: 'relying_party_id',
  attestation: 'attestation',
  allowedModels: 'allowed_models',
  deniedModels: 'denied_models',
  signUp: 'sign_up',
  signUpProof: 'sign_up_proof',
  signUpDomains: 'sign_up_domains',
} as const satisfies Record<string, keyof AuthenticatorConfigRow>;

type Field = keyof typeof COLUMNS;
type Settled = Pick<AuthenticatorConfigRow, (typeof COLUMNS)[Field]>;

/** What of Keyrealm's own hosted page is the realm's to decide. */
const OF_MANAGED: ReadonlySet<Field> = new Set<Field>([
  'attestation',
  'allowedModels',
  'deniedModels',
  'signUp',
  'signUpProof',
  'signUpDomains',
]);

/** @returns the columns as they become, and the fields that differ */
export function settle(
  row: AuthenticatorConfigRow,
  input: ConfigSettings,
): { set: Settled; changed: Field[]; unowned: Field[] } {
  const fields = Object.keys(COLUMNS) as Field[];
  const set = Object.fromEntries(
    fields.map((field) => [COLUMNS[field], input[field] === undefined ? row[COLUMNS[field]] : input[field]]),
  ) as unknown as Settled;
  const changed = fields.filter(
    (field) => JSON.stringify(set[COLUMNS[field]]) !== JSON.stringify(row[COLUMNS[field]]),
  );
  return { set, changed, unowned: changed.filter((field) => !OF_MANAGED.has(field)) };
}

/** @throws DomainError INVALID_INPUT for settings that do not go together, with the field */
export function checkTogether(kind: AuthenticatorConfigRow['kind'], set: Settled, adminRealm: boolean): void {
  if (kind === 'EMBEDDED') checkEmbedded(set);
  else if (set.invocation !== null) throw invalid('Only an embedded config is invoked.', 'invocation');
  else if (set.invoke_url !== null)
    throw invalid('Only an embedded config has a page of its own.', 'invokeUrl');
  else if (set.relying_party_id !== null)
    throw invalid('Only an embedded config has a relying party of its own.', 'relyingPartyId');
  else if (set.trusted_origins.length > 0)
    throw invalid('Only an embedded config trusts other origins.', 'trustedOrigins');
  if (!set.sign_up) return;
  if (kind === 'NONE') throw invalid('Where nobody signs in nobody signs up.', 'signUp');
  if (adminRealm) throw invalid('People are invited to the Admin Realm; nobody signs up to it.', 'signUp');
}

function checkEmbedded(set: Settled): void {
  if (set.invocation === null)
    throw invalid('Say how the page is invoked: AUTOMATIC or MANUAL.', 'invocation');
  if (set.invoke_url === null) throw invalid('Say which page of the application is invoked.', 'invokeUrl');
  const [first] = set.trusted_origins;
  if (first === undefined)
    throw invalid('Name the origins of the pages that hold the ceremonies.', 'trustedOrigins');
  const { origin, protocol } = new URL(set.invoke_url);
  if (/^https?:$/.test(protocol) && !set.trusted_origins.includes(origin))
    throw invalid(`The page is at ${origin}, which is not among the trusted origins.`, 'trustedOrigins');
  const relyingPartyId = set.relying_party_id;
  const stranger =
    relyingPartyId === null
      ? undefined
      : set.trusted_origins.find((trusted) => !isWithin(relyingPartyId, trusted));
  if (stranger !== undefined)
    throw invalid(
      `Browsers do not let ${stranger} use passkeys of ${relyingPartyId}: it is neither that domain nor below it.`,
      'relyingPartyId',
    );
}
