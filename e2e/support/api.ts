import type { RunningServer } from './server.ts';

export interface Tenant {
  readonly tenantId: string;
  readonly adminRealmId: string;
  readonly consoleUrl: string;
  readonly bindingLink: string;
  readonly managementApi: { clientId: string; clientSecret: string; tokenEndpoint: string };
}

export interface Answer<T> {
  readonly data: T;
  readonly errors?: { message: string; extensions: { code: string } }[];
}

export interface Event {
  readonly type: string;
  readonly outcome: string;
  readonly correlationId: string;
  readonly actor: { kind: string; displayName: string };
  readonly data: Record<string, unknown>;
}

/** A program that administers a tenant through the public doors, as an integrator does. */
export function createApi(server: RunningServer, token: string) {
  async function graphql<T>(query: string, variables: object = {}): Promise<Answer<T>> {
    const response = await fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as Answer<T>;
  }

  /** One mutation whose payload is wanted whole. @throws Error when it reports any error */
  async function mutate<T>(name: string, type: string, fields: string, input: object): Promise<T> {
    const query = `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code message } } }`;
    const answer = await graphql<Record<string, T & { errors: unknown[] }>>(query, { input });
    const payload = answer.data?.[name];
    if (!payload || payload.errors.length > 0) throw new Error(JSON.stringify(answer));
    return payload;
  }

  return {
    graphql,
    mutate,

    createRealm: async (displayName: string): Promise<string> =>
      (
        await mutate<{ realm: { id: string } }>('createRealm', 'CreateRealmInput', 'realm { id }', {
          displayName,
        })
      ).realm.id,

    createIdentity: async (realmId: string, username: string): Promise<string> =>
      (
        await mutate<{ identity: { id: string } }>(
          'createIdentity',
          'CreateIdentityInput',
          'identity { id }',
          {
            realmId,
            username,
          },
        )
      ).identity.id,

    createLink: async (realmId: string, identityId: string, more: object = {}): Promise<string> =>
      (
        await mutate<{ bindingLink: string }>(
          'createCredentialBindingJob',
          'CreateCredentialBindingJobInput',
          'bindingLink',
          { realmId, identityId, ...more },
        )
      ).bindingLink,

    async createApplication(
      realmId: string,
      port: number,
    ): Promise<{ clientId: string; clientSecret: string }> {
      const made = await mutate<{ application: { clientId: string }; clientSecret: string }>(
        'createApplication',
        'CreateApplicationInput',
        'application { clientId } clientSecret',
        {
          realmId,
          displayName: 'Example shop',
          type: 'CONFIDENTIAL',
          grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
          redirectUris: [`http://localhost:${port}/callback`],
          postLogoutRedirectUris: [`http://localhost:${port}/`],
        },
      );
      return { clientId: made.application.clientId, clientSecret: made.clientSecret };
    },

    async events(realmId: string, filter: object = {}): Promise<Event[]> {
      const answer = await graphql<{ realm: { events: { nodes: Event[] } } }>(
        `query ($id: ID!, $filter: EventFilter) { realm(id: $id) { events(first: 200, filter: $filter) {
          nodes { type outcome correlationId actor { kind displayName } data } } } }`,
        { id: realmId, filter },
      );
      return answer.data.realm.events.nodes;
    },

    scim: (realmId: string, method: string, path: string, body?: object): Promise<Response> =>
      fetch(`${server.url}/realms/${realmId}/scim/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

export type Api = ReturnType<typeof createApi>;

/** A tenant of its own, and a program that holds the given scopes in it; all of them unless said. */
export async function createTenant(
  server: RunningServer,
  scope?: string,
): Promise<Tenant & { api: Api; token: string }> {
  const tenant = await server.cli<Tenant>(
    'tenant',
    'create',
    '--name',
    'Tenant',
    '--admin-email',
    'a@b.example',
  );
  const token = await managementToken(tenant, scope);
  return { ...tenant, token, api: createApi(server, token) };
}

export async function managementToken({ managementApi }: Tenant, scope?: string): Promise<string> {
  const response = await fetch(managementApi.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: managementApi.clientId,
      client_secret: managementApi.clientSecret,
      ...(scope === undefined ? {} : { scope }),
    }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}
