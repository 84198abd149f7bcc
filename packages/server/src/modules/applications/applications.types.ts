import { z } from 'zod';
import { id, ifVersion, line } from '../../kernel/text.js';

export const GRANT_TYPES = ['authorization_code', 'refresh_token', 'client_credentials'] as const;
export const AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'none'] as const;

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** RFC 9700, section 2.1 and RFC 8252: exact, absolute, no fragment; plain http only on the loopback. */
const redirectUri = z
  .string()
  .max(2000)
  .refine((value) => problemOf(value) === undefined, {
    error: (issue) => problemOf(String(issue.input)) ?? '',
  });

function problemOf(value: string): string | undefined {
  const parsed = URL.parse(value);
  if (!parsed || value.includes('*')) return 'A redirect URI is an absolute URI without wildcards.';
  if (parsed.hash || value.includes('#')) return 'A redirect URI has no fragment.';
  if (parsed.username || parsed.password) return 'A redirect URI has no user name and no password.';
  if (parsed.protocol === 'https:') return undefined;
  if (parsed.protocol === 'http:')
    return LOOPBACK.has(parsed.hostname) ? undefined : 'Plain http is allowed for localhost only; use https.';
  if (/^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(parsed.protocol)) return undefined;
  return 'A private-use scheme is a reversed domain name, such as com.example.app:/callback.';
}

const lifetime = (max: number) => z.number().int().min(60, 'At least 60 seconds.').max(max);
const uris = z.array(redirectUri).max(50, 'At most 50 addresses.');
const scopes = z
  .array(z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/, 'This is not a scope.'))
  .max(500);

const NINETY_DAYS = 7_776_000;

export const applicationInput = z
  .object({
    displayName: line(200),
    type: z.enum(['PUBLIC', 'CONFIDENTIAL']),
    grantTypes: z.array(z.enum(GRANT_TYPES)).min(1, 'Choose at least one grant type.'),
    redirectUris: uris.default([]),
    postLogoutRedirectUris: uris.default([]),
    tokenEndpointAuthMethod: z.enum(AUTH_METHODS).optional(),
    resourceServerId: id.nullish(),
    authenticatorConfigId: id.nullish(),
    allowedScopes: scopes.default([]),
    subject: z.enum(['ID', 'EMAIL', 'USERNAME']).default('ID'),
    accessTokenLifetime: lifetime(NINETY_DAYS).default(900),
    refreshTokenLifetime: lifetime(31_536_000).default(1_209_600),
  })
  .superRefine((value, ctx) => {
    const refuse = (path: string, message: string) => ctx.addIssue({ code: 'custom', path: [path], message });
    const interactive = value.grantTypes.includes('authorization_code');
    if (interactive && value.redirectUris.length === 0)
      refuse('redirectUris', 'Signing people in needs a redirect URI.');
    if (!interactive && value.grantTypes.includes('refresh_token'))
      refuse('grantTypes', 'Refresh tokens come with the authorization code grant only.');
    if (value.type === 'PUBLIC' && value.grantTypes.includes('client_credentials'))
      refuse('grantTypes', 'A public application can keep no secret, so it has no client credentials.');
    if (value.type === 'PUBLIC' && (value.tokenEndpointAuthMethod ?? 'none') !== 'none')
      refuse('tokenEndpointAuthMethod', 'A public application does not authenticate itself.');
    if (value.type === 'CONFIDENTIAL' && value.tokenEndpointAuthMethod === 'none')
      refuse('tokenEndpointAuthMethod', 'A confidential application authenticates itself.');
    if (value.resourceServerId == null && value.allowedScopes.length > 0)
      refuse('allowedScopes', 'Scopes need a resource server.');
  });
export type ApplicationInput = z.infer<typeof applicationInput>;

export const applicationChange = z.object({
  applicationId: id,
  ifVersion,
  displayName: line(200).optional(),
  redirectUris: uris.optional(),
  postLogoutRedirectUris: uris.optional(),
  allowedScopes: scopes.optional(),
  authenticatorConfigId: id.optional(),
  accessTokenLifetime: lifetime(NINETY_DAYS).optional(),
  refreshTokenLifetime: lifetime(31_536_000).optional(),
});
export type ApplicationChange = z.infer<typeof applicationChange>;
