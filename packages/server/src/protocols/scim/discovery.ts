import { BULK } from './bulk.js';
import { DISCOVERY_SCHEMAS } from './discovery-schemas.js';
import { LIST_RESPONSE, PAGE } from './listing.js';
import type { Attribute, ResourceType, Schema } from './schema.js';

/** What this server can do, no more and no less (RFC 7643, section 5; RFC 9865, section 3). */
export const serviceProviderConfig = (base: string) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
  patch: { supported: true },
  bulk: { supported: true, ...BULK },
  filter: { supported: true, maxResults: PAGE.most },
  changePassword: { supported: false },
  sort: { supported: true },
  etag: { supported: true },
  pagination: {
    cursor: true,
    index: true,
    defaultPaginationMethod: 'index',
    defaultPageSize: PAGE.standard,
    maxPageSize: PAGE.most,
  },
  authenticationSchemes: [
    {
      type: 'oauthbearertoken',
      name: 'OAuth Bearer Token',
      description: 'An API token, or an access token by client credentials, with the scope scim:all.',
      specUri: 'https://www.rfc-editor.org/info/rfc6750',
      primary: true,
    },
  ],
  meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
});

export const resourceTypes = (types: readonly ResourceType[], base: string) =>
  types.map(({ id, urn, description, endpoint, extensions }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id,
    name: id,
    endpoint,
    description,
    schema: urn,
    schemaExtensions: extensions.map((extension) => ({ schema: extension.urn, required: false })),
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/${id}` },
  }));

export const schemas = (types: readonly ResourceType[], base: string) =>
  [
    ...types.flatMap((type): Schema[] => [type, ...type.extensions]).map(withoutCommon),
    ...DISCOVERY_SCHEMAS,
  ].map(({ urn, name, description, attributes }) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: urn,
    name,
    description,
    attributes: attributes.map(described),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${urn}` },
  }));

/** What every resource has is in no schema but externalId (RFC 7643, section 3.1). */
const withoutCommon = (schema: Schema): Schema => ({
  ...schema,
  attributes: schema.attributes.filter(({ name }) => name !== 'id' && name !== 'meta'),
});

function described({ subAttributes, ...attribute }: Attribute): Record<string, unknown> {
  return {
    ...attribute,
    ...(subAttributes.length === 0 ? {} : { subAttributes: subAttributes.map(described) }),
  };
}

export const listOf = (resources: readonly unknown[]) => ({
  schemas: [LIST_RESPONSE],
  totalResults: resources.length,
  startIndex: 1,
  itemsPerPage: resources.length,
  Resources: resources,
});
