import { expect } from 'vitest';
import { aUser, type Case, describeCases, type Given, get, patch, URN } from '../../../testing/scim.js';

/** A change that is taken, and what is there afterwards. */
const changes = (
  id: string,
  guarantees: string,
  operations: readonly object[],
  after: object,
  more: { given?: readonly Given[]; absent?: readonly string[] } = {},
): Case => ({
  id,
  guarantees,
  given: more.given ?? [aUser('a')],
  exchanges: [
    { ask: patch('/Users/<a.id>', ...operations), status: 200, body: after },
    {
      ask: get('/Users/<a.id>'),
      status: 200,
      body: after,
      ...(more.absent === undefined ? {} : { absent: more.absent }),
    },
  ],
});

/** A change that is refused, and what is still there. */
const refuses = (
  id: string,
  guarantees: string,
  scimType: string,
  operations: readonly object[],
  after: { body?: object; absent?: readonly string[] },
  given: Given = aUser('a'),
): Case => ({
  id,
  guarantees,
  given: [given],
  exchanges: [
    { ask: patch('/Users/<a.id>', ...operations), status: 400, scimType },
    { ask: get('/Users/<a.id>'), status: 200, ...after },
  ],
});

const homeAndWork = aUser('a', {
  addresses: [
    { type: 'work', streetAddress: '1 Old Quay', locality: 'Lund' },
    { type: 'home', streetAddress: '2 Hill' },
  ],
});
const withManager: readonly Given[] = [
  aUser('m'),
  aUser('a', {
    schemas: [URN.user, URN.enterprise],
    [URN.enterprise]: { department: 'Ops', manager: { value: '<m.id>' } },
  }),
];
const managed = { [URN.enterprise]: { manager: { value: '<m.id>' } } };

const TAKEN: readonly Case[] = [
  changes(
    'disable-in-words',
    'deactivates by a capitalised operation and a boolean in words',
    [{ op: 'Replace', path: 'active', value: 'False' }],
    { active: false },
  ),
  changes(
    'disable-without-path',
    'deactivates by a value without a path',
    [{ op: 'replace', value: { active: false } }],
    {
      active: false,
    },
  ),
  changes(
    'enable',
    'activates again',
    [{ op: 'Replace', path: 'active', value: true }],
    { active: true },
    {
      given: [aUser('a', { active: false })],
    },
  ),
  changes(
    'dotted-keys',
    'takes dotted keys and keys with a schema in a value without a path',
    [
      { op: 'replace', path: 'emails[type eq "work"].value', value: 'new.<u>@corp.example' },
      {
        op: 'replace',
        value: {
          displayName: 'Bo Lind',
          'name.givenName': 'Bo',
          'name.familyName': 'Lind',
          [`${URN.enterprise}:employeeNumber`]: '771',
        },
      },
    ],
    {
      schemas: [URN.user, URN.enterprise],
      displayName: 'Bo Lind',
      name: { givenName: 'Bo', familyName: 'Lind' },
      [URN.enterprise]: { employeeNumber: '771' },
      emails: [{ value: 'new.<u>@corp.example', type: 'work' }],
    },
  ),
  changes(
    'element-made',
    'makes the number of a kind that is not there, by add and by replace',
    [
      { op: 'Add', path: 'phoneNumbers[type eq "mobile"].value', value: '+46 70 1' },
      { op: 'replace', path: 'phoneNumbers[type eq "work"].value', value: '+46 8 1' },
    ],
    {
      phoneNumbers: [
        { type: 'mobile', value: '+46 70 1' },
        { type: 'work', value: '+46 8 1' },
      ],
    },
  ),
  changes(
    'spaces',
    'stores a value with spaces whole, and leaves the rest of the list',
    [{ op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '77 Long Harbour Row' }],
    {
      addresses: [
        { type: 'work', streetAddress: '77 Long Harbour Row', locality: 'Lund' },
        { type: 'home', streetAddress: '2 Hill' },
      ],
    },
    { given: [homeAndWork] },
  ),
  changes(
    'one-of-many',
    'replaces one address and keeps the others',
    [
      {
        op: 'replace',
        path: 'emails[value eq "one.<u>@corp.example"]',
        value: { value: 'uno.<u>@corp.example' },
      },
    ],
    { emails: [{ value: 'uno.<u>@corp.example' }, { value: 'two.<u>@corp.example', type: 'home' }] },
    {
      given: [
        aUser('a', {
          emails: [
            { value: 'one.<u>@corp.example', type: 'work', primary: true },
            { value: 'two.<u>@corp.example', type: 'home' },
          ],
        }),
      ],
    },
  ),
  changes(
    'one-primary',
    'keeps one primary address: the new one',
    [{ op: 'add', path: 'emails', value: [{ value: 'p.<u>@corp.example', type: 'other', primary: true }] }],
    {
      emails: [
        expect.not.objectContaining({ primary: true }),
        { value: 'p.<u>@corp.example', type: 'other', primary: true },
      ],
    },
  ),
  changes(
    'manager-by-path',
    'sets a manager by the path of its id',
    [{ op: 'add', path: `${URN.enterprise}:manager.value`, value: '<m.id>' }],
    managed,
    { given: [aUser('a'), aUser('m')] },
  ),
  changes(
    'manager-bare',
    'sets a manager by a text',
    [{ op: 'Add', path: `${URN.enterprise}:manager`, value: '<m.id>' }],
    managed,
    { given: [aUser('a'), aUser('m')] },
  ),
  changes(
    'manager-removed',
    'removes a manager by a path with a filter',
    [{ op: 'Remove', path: `${URN.enterprise}:manager[value eq "<m.id>"]` }],
    { [URN.enterprise]: { department: 'Ops' } },
    { given: withManager, absent: [`${URN.enterprise}.manager`] },
  ),
  changes(
    'external-id-too',
    'stores an external id that comes with another attribute',
    [{ op: 'replace', value: { displayName: 'Rae Holt', externalId: 'e-<u>' } }],
    { displayName: 'Rae Holt', externalId: 'e-<u>' },
  ),
  changes(
    'full-name',
    'knows an attribute of the core by its full name',
    [{ op: 'replace', path: `${URN.user}:displayName`, value: 'Zed' }],
    { displayName: 'Zed' },
  ),
  changes('no-operations', 'takes no operations as no change', [], {
    displayName: 'Ada Quill',
    meta: { version: '<a.meta.version>' },
  }),
  changes(
    'list-of-one',
    'takes a list of one for a single value',
    [{ op: 'Replace', path: 'displayName', value: ['Solo'] }],
    { displayName: 'Solo' },
  ),
  changes(
    'part-of-name',
    'keeps the parts of a name that are not said',
    [{ op: 'replace', path: 'name', value: { familyName: 'Voss' } }],
    { name: { familyName: 'Voss', givenName: 'Ada' } },
  ),
  changes(
    'part-of-name-without-path',
    'keeps the parts of a name that a value without a path does not say',
    [{ op: 'replace', value: { name: { familyName: 'Voss' } } }],
    { name: { familyName: 'Voss', givenName: 'Ada' } },
  ),
  changes(
    'path-in-any-case',
    'reads a path and its filter in any case',
    [{ op: 'REPLACE', path: 'Emails[Type eq "WORK"].Value', value: 'ci.<u>@corp.example' }],
    { emails: [{ value: 'ci.<u>@corp.example', type: 'work' }] },
  ),
  changes(
    'role-in-words',
    'reads a boolean in words inside the filter of a path',
    [{ op: 'Add', path: 'roles[primary eq "True"].value', value: 'captain' }],
    { roles: [{ value: 'captain', primary: true }] },
  ),
  changes(
    'same-again',
    'makes no new version of what is already so',
    [
      { op: 'add', path: 'displayName', value: 'Ada Quill' },
      { op: 'add', path: 'emails', value: [{ value: 'a.<u>@corp.example', type: 'work', primary: true }] },
    ],
    {
      emails: [{ value: 'a.<u>@corp.example' }],
      meta: { version: '<a.meta.version>', lastModified: '<a.meta.lastModified>' },
    },
    { given: [aUser('a', { displayName: 'Ada Quill' })] },
  ),
];

const REFUSED: readonly Case[] = [
  refuses(
    'no-such-element',
    'adds nothing for a filter that finds nothing',
    'noTarget',
    [{ op: 'replace', path: 'emails[type eq "fax"]', value: { value: 'z.<u>@corp.example' } }],
    { body: { emails: [{ value: 'a.<u>@corp.example' }] } },
  ),
  refuses(
    'no-such-path',
    'refuses a path that leads nowhere',
    'invalidPath',
    [{ op: 'replace', path: 'shoeSize', value: '43' }],
    {
      absent: ['shoeSize'],
    },
  ),
  refuses(
    'all-or-nothing',
    'applies nothing where one operation is refused',
    'invalidPath',
    [
      { op: 'replace', path: 'displayName', value: 'After' },
      { op: 'replace', path: 'shoeSize', value: '43' },
    ],
    { body: { displayName: 'Before' } },
    aUser('a', { displayName: 'Before' }),
  ),
  refuses(
    'no-value',
    'refuses to replace by nothing',
    'invalidValue',
    [{ op: 'replace', path: 'displayName' }],
    { body: { displayName: 'Keep' } },
    aUser('a', { displayName: 'Keep' }),
  ),
  refuses('id', 'never changes an id', 'mutability', [{ op: 'replace', path: 'id', value: 'evil' }], {
    body: { id: '<a.id>' },
  }),
  refuses('no-target', 'removes nothing without a target', 'noTarget', [{ op: 'Remove' }], {
    body: { userName: 'a.<u>@corp.example' },
  }),
  refuses(
    'username-removed',
    'never removes a username',
    'mutability',
    [{ op: 'remove', path: 'userName' }],
    {
      body: { userName: 'a.<u>@corp.example' },
    },
  ),
  refuses(
    'prototype',
    'refuses the words that every object has, as path and as key',
    'invalidPath',
    [{ op: 'add', value: { 'toString.polluted': 'x' } }],
    { absent: ['polluted'] },
  ),
  refuses(
    'wrong-kind',
    'refuses a value of another kind',
    'invalidValue',
    [{ op: 'replace', path: 'active', value: 'maybe' }],
    {
      body: { active: true },
    },
  ),
  {
    id: 'prototype-key',
    guarantees: 'refuses the key of the prototype before it is read as one',
    given: [aUser('a')],
    exchanges: [
      ...[
        '{"__proto__":{"polluted":"x"}}',
        '{"__proto__.polluted":"x"}',
        '{"constructor":{"prototype":{"polluted":"x"}}}',
      ].map((value) => ({
        ask: {
          method: 'PATCH' as const,
          path: '/Users/<a.id>',
          body: `{"schemas":["${URN.patch}"],"Operations":[{"op":"add","value":${value}}]}`,
        },
        status: 400,
        scimType: expect.stringMatching(/^invalid(Path|Syntax)$/) as unknown as string,
      })),
      { ask: get('/Users/<a.id>'), status: 200, absent: ['polluted'] },
    ],
  },
  {
    id: 'unknown-user',
    guarantees: 'answers 404 for a user who is not there',
    exchanges: [
      {
        ask: patch('/Users/00000000-0000-4000-8000-00000000dead', {
          op: 'replace',
          path: 'active',
          value: false,
        }),
        status: 404,
      },
    ],
  },
];

describeCases('changes that are taken', TAKEN);
describeCases('changes that are refused', REFUSED);
