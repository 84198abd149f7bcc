/** Where the console of one tenant signs in; served without authentication. */
export interface ConsoleConfig {
  readonly tenantId: string;
  readonly tenantName: string;
  /** Issuer of the tenant's Admin Realm. */
  readonly issuer: string;
  readonly clientId: string;
  readonly scopes: readonly string[];
}

export type ConfigAnswer =
  | { readonly kind: 'found'; readonly config: ConsoleConfig }
  /** The server holds several tenants, or not the one that was asked for. */
  | { readonly kind: 'tenant-needed'; readonly message: string | undefined };

/** @throws Error with a sentence for the reader when the server can't be reached or answers something else */
export async function loadConfig(
  tenantId: string | undefined,
  ask: typeof fetch = fetch,
): Promise<ConfigAnswer> {
  const query = tenantId === undefined ? '' : `?tenant=${encodeURIComponent(tenantId)}`;
  const response = await ask(`/console/config.json${query}`, { headers: { accept: 'application/json' } });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok && isConfig(body)) return { kind: 'found', config: body };
  if (response.status === 404)
    return { kind: 'tenant-needed', message: 'There is no tenant with this id on this server.' };
  if (response.status === 400)
    return {
      kind: 'tenant-needed',
      message: tenantId === undefined ? undefined : 'This does not look like a tenant id.',
    };
  throw new Error(`The server could not say how to sign in (status ${response.status}).`);
}

function isConfig(value: unknown): value is ConsoleConfig {
  if (typeof value !== 'object' || value === null) return false;
  const config = value as Record<string, unknown>;
  const texts = ['tenantId', 'tenantName', 'issuer', 'clientId'];
  return (
    texts.every((key) => typeof config[key] === 'string') &&
    Array.isArray(config.scopes) &&
    config.scopes.every((scope) => typeof scope === 'string')
  );
}
