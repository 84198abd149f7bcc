import type { AdapterPayload, ClientAuthMethod } from 'oidc-provider';
import { newSecret } from '../../kernel/ids.js';
import type { ApplicationRow } from '../../modules/applications/applications.service.js';

/** Secrets are kept as digests and compared by us; the engine only needs to see that there is one. */
const SECRET_ELSEWHERE = newSecret();

/** Never fetched: it tells the engine that several redirect hosts share one subject (OpenID Connect Core, section 8.1). */
const ONE_SECTOR = 'https://sector.invalid/';

/** An application as the engine's client metadata (RFC 7591, section 2). */
export function clientMetadata(row: ApplicationRow): AdapterPayload {
  return {
    client_id: row.id,
    client_name: row.display_name,
    application_type: isNative(row) ? 'native' : 'web',
    grant_types: row.grant_types,
    response_types: row.grant_types.includes('authorization_code') ? ['code'] : [],
    redirect_uris: row.redirect_uris,
    post_logout_redirect_uris: row.post_logout_redirect_uris,
    token_endpoint_auth_method: row.token_endpoint_auth_method as ClientAuthMethod,
    ...(row.type === 'CONFIDENTIAL' ? { client_secret: SECRET_ELSEWHERE } : {}),
    ...(row.subject === 'ID' ? {} : { subject_type: 'pairwise', sector_identifier_uri: ONE_SECTOR }),
  };
}

/** RFC 8252, section 7: custom schemes, and the loopback on any port, for applications on a person's own device. */
const isNative = (row: ApplicationRow): boolean =>
  row.type === 'PUBLIC' &&
  row.redirect_uris.some((uri) => !uri.startsWith('https:')) &&
  row.redirect_uris.every((uri) => !uri.startsWith('https://localhost'));
