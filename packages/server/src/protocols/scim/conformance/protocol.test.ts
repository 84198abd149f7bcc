import { expect } from 'vitest';
import { aUser, type Case, describeCases, get, patch, post, URN, userBody } from '../../../testing/scim.js';

const USER_SCHEMA = `/Schemas/${URN.user}`;

const DISCOVERY: readonly Case[] = [
  {
    id: 'config',
    guarantees: 'says what it can do, every part of it',
    exchanges: [
      {
        ask: get('/ServiceProviderConfig'),
        status: 200,
        body: {
          patch: { supported: true },
          filter: { supported: true, maxResults: expect.any(Number) },
          bulk: {
            supported: true,
            maxOperations: expect.any(Number),
            maxPayloadSize: expect.any(Number),
          },
          etag: { supported: true },
          sort: { supported: true },
          changePassword: { supported: false },
          pagination: { cursor: true, index: true, defaultPaginationMethod: 'index' },
          authenticationSchemes: [{ type: 'oauthbearertoken' }],
        },
      },
    ],
  },
  {
    id: 'schema-by-urn',
    guarantees: 'gives one schema by its URN',
    exchanges: [
      {
        ask: get(USER_SCHEMA),
        status: 200,
        body: { id: URN.user, attributes: expect.arrayContaining([expect.anything()]) },
      },
      { ask: get(`/Schemas/${URN.group}`), status: 200, body: { id: URN.group } },
      { ask: get(`/Schemas/${URN.enterprise}`), status: 200, body: { id: URN.enterprise } },
      { ask: get('/Schemas/urn:nobody'), status: 404 },
    ],
  },
  {
    id: 'schemas-name-their-own',
    guarantees: 'names the schema of schemas in each of them',
    exchanges: [
      {
        ask: get('/Schemas'),
        status: 200,
        body: {
          schemas: [URN.list],
          Resources: expect.arrayContaining([
            expect.objectContaining({
              schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
              id: URN.user,
            }),
          ]),
        },
      },
    ],
  },
  {
    id: 'type-by-name',
    guarantees: 'gives one resource type by its name',
    exchanges: [
      {
        ask: get('/ResourceTypes/User'),
        status: 200,
        body: { id: 'User', schema: URN.user, endpoint: '/Users' },
      },
      {
        ask: get('/ResourceTypes/Group'),
        status: 200,
        body: { id: 'Group', schema: URN.group, endpoint: '/Groups' },
      },
      { ask: get('/ResourceTypes/Nobody'), status: 404 },
    ],
  },
  {
    id: 'discovery-read-only',
    guarantees: 'lets nobody write to what it says of itself',
    exchanges: ['/ServiceProviderConfig', '/ResourceTypes', '/Schemas'].map((path) => ({
      ask: post(path, { x: 1 }),
      status: 405,
    })),
  },
  {
    id: 'schema-facts',
    guarantees: 'advertises who may write, whether case matters and what is unique',
    exchanges: [
      {
        ask: get(USER_SCHEMA),
        status: 200,
        body: {
          attributes: expect.arrayContaining([
            expect.objectContaining({ name: 'displayName', mutability: 'readWrite' }),
            expect.objectContaining({ name: 'userName', caseExact: false, uniqueness: 'server' }),
          ]),
        },
      },
    ],
  },
];

const HTTP: readonly Case[] = [
  {
    id: 'no-token',
    guarantees: 'answers 401 in the form of SCIM without a token',
    exchanges: [
      {
        ask: { ...get('/Users'), as: 'nobody' },
        status: 401,
        headers: { 'www-authenticate': 'Bearer', 'content-type': 'application/scim+json' },
      },
      { ask: { ...get('/Groups'), as: 'nobody' }, status: 401 },
    ],
  },
  {
    id: 'wrong-scope',
    guarantees: 'answers 403 to a token that may do other things',
    exchanges: [
      { ask: { ...get('/Users'), as: 'wrong scope' }, status: 403 },
      {
        ask: { ...post('/Groups', { schemas: [URN.group], displayName: 'g-<u>' }), as: 'wrong scope' },
        status: 403,
      },
    ],
  },
  {
    id: 'charset',
    guarantees: 'takes the media type with a character set, and answers in its own',
    exchanges: [
      {
        ask: {
          ...post('/Users', userBody('a')),
          headers: { 'content-type': 'application/scim+json; charset=utf-8' },
        },
        status: 201,
        headers: { 'content-type': 'application/scim+json' },
        body: { id: expect.any(String) },
      },
    ],
  },
  {
    id: 'plain-json',
    guarantees: 'takes ordinary JSON, refuses other types',
    exchanges: [
      {
        ask: { ...post('/Users', userBody('a')), headers: { 'content-type': 'application/json' } },
        status: 201,
        headers: { 'content-type': 'application/scim+json' },
      },
      { ask: { ...post('/Users', '<user/>'), headers: { 'content-type': 'application/xml' } }, status: 415 },
    ],
  },
  {
    id: 'broken-json',
    guarantees: 'answers invalidSyntax to JSON that breaks off',
    exchanges: [{ ask: post('/Users', '{"userName":'), status: 400, scimType: 'invalidSyntax' }],
  },
  {
    id: 'location',
    guarantees: 'says the same place twice, and takes it from no header that a client sends',
    exchanges: [
      {
        ask: {
          ...post('/Users', userBody('a')),
          headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
        },
        status: 201,
        headers: { location: 'http://localhost:8080/realms/' },
        body: {
          meta: {
            resourceType: 'User',
            location: expect.stringMatching(/^http:\/\/localhost:8080\/.+\/Users\/[\w-]+$/),
          },
        },
      },
    ],
  },
  {
    id: 'delete-with-type',
    guarantees: 'deletes although a content type comes without content',
    given: [aUser('a')],
    exchanges: [
      {
        ask: {
          method: 'DELETE',
          path: '/Users/<a.id>',
          body: '',
          headers: { 'content-type': 'application/scim+json' },
        },
        status: 204,
      },
      { ask: get('/Users/<a.id>'), status: 404 },
    ],
  },
  {
    id: 'get-with-type',
    guarantees: 'reads although a content type comes without content',
    exchanges: [
      {
        ask: get('/Users?count=1', {
          'content-type': 'application/scim+json; charset=utf-8',
          'accept-charset': 'utf-8',
        }),
        status: 200,
      },
    ],
  },
  {
    id: 'path-forms',
    guarantees: 'forgives a slash too many and another case of the collection',
    exchanges: ['/Users/?count=1', '//Users?count=1', '/users?count=1'].map((path) => ({
      ask: get(path),
      status: 200,
    })),
  },
  {
    id: 'unknown-path',
    guarantees: 'answers 404 in the form of SCIM below its own address',
    exchanges: [
      { ask: get('/Nonsense'), status: 404, headers: { 'content-type': 'application/scim+json' } },
      { ask: patch('/Users', { op: 'replace', path: 'active', value: false }), status: 405 },
    ],
  },
  {
    id: 'me',
    guarantees: 'has no person behind the token of a machine',
    exchanges: [{ ask: get('/Me'), status: 501 }],
  },
];

const VERSIONS: readonly Case[] = [
  {
    id: 'stale-version',
    guarantees: 'changes nothing for a version that is not the current one',
    given: [aUser('a')],
    exchanges: [
      {
        ask: {
          ...patch('/Users/<a.id>', { op: 'replace', path: 'displayName', value: 'Late' }),
          headers: { 'if-match': 'W/"not-the-version"' },
        },
        status: 412,
      },
      { ask: get('/Users/<a.id>'), status: 200, body: { displayName: 'Ada Quill' } },
    ],
  },
  {
    id: 'current-version',
    guarantees: 'changes for the current version, which then is not current any more',
    given: [aUser('a')],
    exchanges: [
      {
        ask: {
          ...patch('/Users/<a.id>', { op: 'replace', path: 'displayName', value: 'Fresh' }),
          headers: { 'if-match': '<a.meta.version>' },
        },
        status: 200,
        body: { displayName: 'Fresh' },
      },
      {
        ask: { method: 'DELETE', path: '/Users/<a.id>', headers: { 'if-match': '<a.meta.version>' } },
        status: 412,
      },
      { ask: get('/Users/<a.id>', { 'if-none-match': '<a.meta.version>' }), status: 200 },
    ],
  },
  {
    id: 'not-modified',
    guarantees: 'sends nothing again to those who have it',
    given: [aUser('a')],
    exchanges: [{ ask: get('/Users/<a.id>', { 'if-none-match': '<a.meta.version>' }), status: 304 }],
  },
];

const REALMS: readonly Case[] = [
  {
    id: 'other-realm-user',
    guarantees: 'does not know the people of another realm',
    given: [{ name: 'a', ask: { ...post('/Users', userBody('a')), as: 'other realm' } }],
    exchanges: [
      { ask: get('/Users/<a.id>'), status: 404 },
      { ask: patch('/Users/<a.id>', { op: 'replace', path: 'active', value: false }), status: 404 },
      { ask: { method: 'DELETE', path: '/Users/<a.id>' }, status: 404 },
      { ask: { ...get('/Users/<a.id>'), as: 'other realm' }, status: 200, body: { active: true } },
    ],
  },
  {
    id: 'other-realm-member',
    guarantees: 'takes nobody of another realm into a group',
    given: [
      { name: 'a', ask: { ...post('/Users', userBody('a')), as: 'other realm' } },
      { name: 'g', ask: post('/Groups', { schemas: [URN.group], displayName: 'g-<u>', members: [] }) },
    ],
    exchanges: [
      {
        ask: patch('/Groups/<g.id>', { op: 'add', path: 'members', value: [{ value: '<a.id>' }] }),
        status: 400,
        scimType: 'invalidValue',
      },
      { ask: get('/Groups/<g.id>'), status: 200, members: [] },
    ],
  },
  {
    id: 'same-name-elsewhere',
    guarantees: 'takes a username that only another realm has',
    given: [{ name: 'a', ask: { ...post('/Users', userBody('a')), as: 'other realm' } }],
    exchanges: [{ ask: post('/Users', userBody('a')), status: 201 }],
  },
];

const BULK: readonly Case[] = [
  {
    id: 'bulk-flood',
    guarantees: 'refuses more operations at once than it says it takes',
    exchanges: [
      {
        ask: post('/Bulk', {
          schemas: [URN.bulk],
          Operations: Array.from({ length: 20_000 }, (_, n) => ({
            method: 'DELETE',
            path: `/Users/none-${n}`,
          })),
        }),
        status: 413,
      },
    ],
  },
  {
    id: 'bulk-reference',
    guarantees: 'fills in the id of what an earlier operation made, whatever the order',
    exchanges: [
      {
        ask: post('/Bulk', {
          schemas: [URN.bulk],
          Operations: [
            {
              method: 'POST',
              path: '/Groups',
              bulkId: 'g',
              data: { schemas: [URN.group], displayName: 'g-<u>', members: [{ value: 'bulkId:a' }] },
            },
            { method: 'POST', path: '/Users', bulkId: 'a', data: userBody('a') },
          ],
        }),
        status: 200,
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:BulkResponse'],
          Operations: expect.arrayContaining([
            expect.objectContaining({
              method: 'POST',
              bulkId: 'a',
              status: '201',
              location: expect.any(String),
            }),
            expect.objectContaining({
              method: 'POST',
              bulkId: 'g',
              status: '201',
              location: expect.any(String),
            }),
          ]),
        },
      },
    ],
  },
  {
    id: 'bulk-fail-on-errors',
    guarantees: 'stops after as many errors as the client bears',
    given: [aUser('a')],
    exchanges: [
      {
        ask: post('/Bulk', {
          schemas: [URN.bulk],
          failOnErrors: 1,
          Operations: [
            { method: 'POST', path: '/Users', bulkId: 'x', data: userBody('a') },
            { method: 'DELETE', path: '/Users/<a.id>' },
          ],
        }),
        status: 200,
        body: { Operations: [{ bulkId: 'x', status: '409', response: { scimType: 'uniqueness' } }] },
      },
      { ask: get('/Users/<a.id>'), status: 200 },
    ],
  },
];

describeCases('what SCIM says of itself', DISCOVERY);
describeCases('SCIM over HTTP', HTTP);
describeCases('versions', VERSIONS);
describeCases('realms', REALMS);
describeCases('bulk', BULK);
