import { expect } from 'vitest';
import {
  aGroup,
  aUser,
  type Case,
  describeCases,
  find,
  type Given,
  get,
  patch,
  post,
  put,
  URN,
} from '../../../testing/scim.js';

const NOBODY = '00000000-0000-4000-8000-00000000dead';
const pair: readonly Given[] = [aUser('a'), aUser('b'), aGroup('g', ['a', 'b'])];
const andAThird: readonly Given[] = [...pair, aUser('c')];
const member = (name: string, more: object = {}) => ({ value: `<${name}.id>`, ...more });

/** A change of a group that is taken, and who is in it afterwards. */
const changes = (
  id: string,
  guarantees: string,
  operations: readonly object[],
  members: readonly string[],
  more: { given?: readonly Given[]; body?: object } = {},
): Case => ({
  id,
  guarantees,
  given: more.given ?? pair,
  exchanges: [
    { ask: patch('/Groups/<g.id>', ...operations), status: 204 },
    {
      ask: get('/Groups/<g.id>'),
      status: 200,
      members: members.map((name) => `<${name}.id>`),
      ...(more.body === undefined ? {} : { body: more.body }),
    },
  ],
});

const TEN = ['a', 'b', 'c', 'd', 'e', 'f', 'h', 'i', 'j', 'k'];
const CROWD = Array.from({ length: 120 }, (_, n) => `u${n}`);

const MEMBERS: readonly Case[] = [
  changes(
    'remove-listed',
    'removes whom the value lists, and nobody else',
    [{ op: 'Remove', path: 'members', value: [member('a', { $ref: null })] }],
    ['b'],
  ),
  changes(
    'remove-by-filter',
    'removes whom the path names',
    [{ op: 'remove', path: 'members[value eq "<b.id>"]' }],
    ['a'],
  ),
  changes(
    'remove-and-add',
    'removes one and adds another at once',
    [
      { op: 'remove', path: 'members[value eq "<a.id>"]' },
      { op: 'add', path: 'members', value: [member('c', { display: 'c.<u>@corp.example' })] },
    ],
    ['b', 'c'],
    { given: andAThird },
  ),
  changes(
    'add-present',
    'adds nobody twice',
    [
      { op: 'add', value: { members: [member('a', { display: 'x' })] } },
      { op: 'add', path: 'members', value: [member('a')] },
    ],
    ['a', 'b'],
    { body: { meta: { version: '<g.meta.version>' } } },
  ),
  changes(
    'remove-all',
    'empties a group that is told to remove its members',
    [{ op: 'remove', path: 'members' }],
    [],
  ),
  changes(
    'replace-by-none',
    'empties a group whose members are replaced by none',
    [{ op: 'replace', path: 'members', value: [] }],
    [],
  ),
  changes(
    'replace-whole',
    'replaces name and members by a value that repeats the id',
    [{ op: 'replace', value: { id: '<g.id>', displayName: 'g-<u>', members: [] } }],
    [],
  ),
  changes(
    'rename',
    'renames by a value that repeats the id, and keeps the members',
    [{ op: 'replace', value: { id: '<g.id>', displayName: 'renamed-<u>' } }],
    ['a', 'b'],
    { body: { displayName: 'renamed-<u>' } },
  ),
  changes(
    'rename-with-schemas',
    'takes schemas, id and an external id beside a new name',
    [
      {
        op: 'replace',
        value: { schemas: [URN.group], id: '<g.id>', externalId: 'pk-<u>', displayName: 'ak-<u>' },
      },
    ],
    ['a', 'b'],
    { body: { displayName: 'ak-<u>', externalId: 'pk-<u>' } },
  ),
  changes(
    'replace-listed',
    'makes the list the members, no more and no less',
    [{ op: 'replace', path: 'members', value: [member('b'), member('c')] }],
    ['b', 'c'],
    { given: andAThird },
  ),
  changes(
    'add-one-object',
    'adds one member that comes without a list',
    [{ op: 'add', path: 'members', value: member('c') }],
    ['a', 'b', 'c'],
    {
      given: andAThird,
    },
  ),
  changes(
    'remove-stranger',
    'removes nobody for someone who is not in it',
    [{ op: 'remove', path: 'members', value: [member('c')] }],
    ['a', 'b'],
    {
      given: andAThird,
    },
  ),
  changes(
    'remove-empty-list',
    'removes nobody for an empty list',
    [{ op: 'Remove', path: 'members', value: [] }],
    ['a', 'b'],
  ),
  {
    id: 'unknown-member',
    guarantees: 'applies nothing where one of the members is not there',
    given: andAThird,
    exchanges: [
      {
        ask: patch('/Groups/<g.id>', { op: 'add', path: 'members', value: [member('c'), { value: NOBODY }] }),
        status: 400,
        scimType: 'invalidValue',
      },
      { ask: get('/Groups/<g.id>'), status: 200, members: ['<a.id>', '<b.id>'] },
    ],
  },
  {
    id: 'remove-without-target',
    guarantees: 'empties no group without a target',
    given: pair,
    exchanges: [
      { ask: patch('/Groups/<g.id>', { op: 'remove' }), status: 400, scimType: 'noTarget' },
      {
        ask: patch('/Groups/<g.id>', { op: 'remove', path: 'displayName' }),
        status: 400,
        scimType: 'mutability',
      },
      { ask: get('/Groups/<g.id>'), status: 200, members: ['<a.id>', '<b.id>'] },
    ],
  },
  {
    id: 'at-once',
    guarantees: 'keeps all of ten members who are added at the same time',
    given: [...TEN.map((name) => aUser(name)), aGroup('g')],
    together: {
      asks: TEN.map((name) => patch('/Groups/<g.id>', { op: 'add', path: 'members', value: [member(name)] })),
      status: 204,
    },
    exchanges: [{ ask: get('/Groups/<g.id>'), status: 200, members: TEN.map((name) => `<${name}.id>`) }],
  },
  {
    id: 'more-than-a-page',
    guarantees: 'keeps everyone in a group that is larger than a page',
    given: [...CROWD.map((name) => aUser(name)), aUser('z'), aGroup('g', CROWD)],
    exchanges: [
      { ask: patch('/Groups/<g.id>', { op: 'add', path: 'members', value: [member('z')] }), status: 204 },
      { ask: get('/Groups/<g.id>'), status: 200, members: [...CROWD, 'z'].map((name) => `<${name}.id>`) },
    ],
  },
];

const GROUPS: readonly Case[] = [
  {
    id: 'listed-with-members',
    guarantees: 'lists groups with their members',
    given: pair,
    exchanges: [
      {
        ask: find('displayName eq "g-<u>"', '', '/Groups'),
        status: 200,
        body: {
          Resources: [
            {
              members: expect.arrayContaining([
                expect.objectContaining({
                  value: expect.any(String),
                  $ref: expect.stringContaining('/Users/'),
                }),
              ]),
            },
          ],
        },
      },
    ],
  },
  {
    id: 'without-members',
    guarantees: 'leaves members out of every answer where asked',
    given: pair,
    exchanges: [
      {
        ask: get('/Groups/<g.id>?excludedAttributes=members'),
        status: 200,
        body: { id: '<g.id>' },
        absent: ['members'],
      },
      {
        ask: get('/Groups/<g.id>?attributes=displayName'),
        status: 200,
        body: { id: '<g.id>' },
        absent: ['members'],
      },
    ],
  },
  {
    id: 'put',
    guarantees: 'replaces name and members without an id in the body',
    given: andAThird,
    exchanges: [
      {
        ask: put('/Groups/<g.id>', {
          schemas: [URN.group],
          displayName: 'put-<u>',
          members: [member('c', { display: 'c.<u>@corp.example' })],
        }),
        status: 200,
        body: { id: '<g.id>', displayName: 'put-<u>' },
      },
      { ask: get('/Groups/<g.id>'), status: 200, members: ['<c.id>'] },
    ],
  },
  {
    id: 'put-without-members',
    guarantees: 'has no members after a replacement without any',
    given: pair,
    exchanges: [
      { ask: put('/Groups/<g.id>', { schemas: [URN.group], displayName: 'g-<u>' }), status: 200 },
      { ask: get('/Groups/<g.id>'), status: 200, members: [] },
    ],
  },
  {
    id: 'foreign-schema',
    guarantees: 'creates although the schema of a directory of its own comes along, and no members',
    exchanges: [
      {
        ask: post('/Groups', {
          schemas: [URN.group, 'http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group'],
          externalId: 'eg-<u>',
          displayName: 'entra-<u>',
          meta: { resourceType: 'Group' },
        }),
        status: 201,
        body: { externalId: 'eg-<u>', displayName: 'entra-<u>' },
        absent: ['members'],
      },
    ],
  },
  {
    id: 'taken-name',
    guarantees: 'refuses a name that another group has, in any case of its letters',
    given: [aGroup('g'), aGroup('h')],
    exchanges: [
      {
        ask: post('/Groups', { schemas: [URN.group], displayName: 'G-<u>' }),
        status: 409,
        scimType: 'uniqueness',
      },
      {
        ask: patch('/Groups/<h.id>', { op: 'replace', path: 'displayName', value: 'G-<u>' }),
        status: 409,
        scimType: 'uniqueness',
      },
    ],
  },
  {
    id: 'groups-of-user',
    guarantees: 'shows the groups of a user, which nobody writes there',
    given: pair,
    exchanges: [
      {
        ask: get('/Users/<a.id>'),
        status: 200,
        body: { groups: [{ value: '<g.id>', display: 'g-<u>', $ref: expect.stringContaining('/Groups/') }] },
      },
      {
        ask: patch('/Users/<a.id>', { op: 'remove', path: 'groups' }),
        status: 400,
        scimType: 'mutability',
      },
      { ask: get('/Groups/<g.id>'), status: 200, members: ['<a.id>', '<b.id>'] },
    ],
  },
  {
    id: 'deleted',
    guarantees: 'deletes a group and leaves its members',
    given: pair,
    exchanges: [
      { ask: { method: 'DELETE', path: '/Groups/<g.id>' }, status: 204 },
      { ask: get('/Groups/<g.id>'), status: 404 },
      { ask: { method: 'DELETE', path: '/Groups/<g.id>' }, status: 404 },
      { ask: get('/Users/<a.id>'), status: 200, absent: ['groups'] },
    ],
  },
];

describeCases('members', MEMBERS);
describeCases('groups', GROUPS);
