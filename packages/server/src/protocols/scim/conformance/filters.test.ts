import { expect } from 'vitest';
import {
  aGroup,
  aUser,
  type Case,
  describeCases,
  find,
  type Given,
  get,
  post,
  URN,
  userBody,
} from '../../../testing/scim.js';

const A = '"a.<u>@corp.example"';
const B = '"b.<u>@corp.example"';

/** A filter that has to find exactly so many. */
const finds = (filter: string, totalResults: number, first?: object) => ({
  ask: find(filter),
  status: 200,
  body: { totalResults, ...(first === undefined ? {} : { Resources: [first] }) },
});

const refused = (filter: string) => ({ ask: find(filter), status: 400, scimType: 'invalidFilter' });

const twoAddresses = aUser('a', {
  emails: [
    { value: 'w.<u>@corp.example', type: 'work' },
    { value: 'h.<u>@home.example', type: 'home' },
  ],
});
const oneActive: readonly Given[] = [aUser('a'), aUser('b', { active: false })];

const FILTERS: readonly Case[] = [
  {
    id: 'any-case',
    guarantees: 'finds a username whatever its case',
    given: [aUser('a')],
    exchanges: [finds('userName eq "A.<u>@CORP.EXAMPLE"', 1, { id: '<a.id>' })],
  },
  {
    id: 'capital-words',
    guarantees: 'reads names, operators and conjunctions in capitals',
    given: [aUser('a')],
    exchanges: [
      finds(`USERNAME EQ ${A} AND active EQ true`, 1),
      finds(`userName Eq ${A} And active eQ FALSE`, 0),
    ],
  },
  {
    id: 'nobody',
    guarantees: 'answers 200 with an empty list where nobody matches',
    exchanges: [
      {
        ask: find('userName eq "nobody.<u>@corp.example"'),
        status: 200,
        body: { schemas: [URN.list], totalResults: 0, itemsPerPage: 0, startIndex: 1 },
        absent: ['Resources'],
      },
    ],
  },
  {
    id: 'external-id',
    guarantees: 'finds an external id, whose case matters',
    given: [aUser('a', { externalId: 'E-<u>' })],
    exchanges: [finds('externalId eq "E-<u>"', 1), finds('externalId eq "e-<u>"', 0)],
  },
  {
    id: 'typed-address',
    guarantees: 'finds an address by its kind and text',
    given: [aUser('a')],
    exchanges: [finds('emails[type eq "work"].value eq "A.<u>@corp.example"', 1)],
  },
  {
    id: 'one-element',
    guarantees: 'asks one and the same address for its kind and its text',
    given: [twoAddresses],
    exchanges: [
      finds('emails[type eq "home"].value eq "w.<u>@corp.example"', 0),
      finds('emails[type eq "home" and value co "w.<u>"]', 0),
      finds('emails[type eq "home" and value co "h.<u>"]', 1),
      finds('emails[type eq "home"].value eq "h.<u>@home.example"', 1),
    ],
  },
  {
    id: 'value-is-meant',
    guarantees: 'takes a list without a part as its values',
    given: [aUser('a')],
    exchanges: [finds('emails co "a.<u>"', 1), finds(`emails eq ${A}`, 1)],
  },
  {
    id: 'brackets',
    guarantees: 'lets brackets decide what belongs together',
    given: oneActive,
    exchanges: [finds(`(userName eq ${A} or userName eq ${B}) and active eq false`, 1, { id: '<b.id>' })],
  },
  {
    id: 'precedence',
    guarantees: 'joins by and before it joins by or',
    given: oneActive,
    exchanges: [finds(`userName eq ${B} or userName eq ${A} and active eq true`, 2)],
  },
  {
    id: 'not',
    guarantees: 'negates what is in brackets, with a space before them or not',
    given: oneActive,
    exchanges: [
      finds('userName co "<u>" and not (active eq true)', 1, { id: '<b.id>' }),
      finds('userName co "<u>" and not(active eq true or userName sw "b.")', 0),
    ],
  },
  {
    id: 'apostrophe',
    guarantees: 'finds an apostrophe',
    given: [aUser("o'dell")],
    exchanges: [finds(`userName eq "o'dell.<u>@corp.example"`, 1)],
  },
  {
    id: 'plus',
    guarantees: 'finds a plus sign',
    given: [{ name: 'a', ask: post('/Users', { ...userBody('a'), userName: 'tag+<u>@corp.example' }) }],
    exchanges: [finds('userName eq "tag+<u>@corp.example"', 1)],
  },
  {
    id: 'escapes',
    guarantees: 'reads quotes, backslashes and code points as JSON does',
    given: [aUser('a', { title: 'The "best" \\ of Łódź' })],
    exchanges: [
      finds(String.raw`userName eq ${A} and title eq "The \"best\" \\ of \u0141\u00f3d\u017a"`, 1),
      finds(String.raw`userName eq ${A} and title eq "The best \\ of Łódź"`, 0),
    ],
  },
  {
    id: 'wildcards',
    guarantees: 'takes no character of a value as a wildcard',
    given: [aUser('a', { title: '100%' }), aUser('b', { title: '1000' })],
    exchanges: [
      finds('userName co "<u>" and title ew "0%"', 1, { id: '<a.id>' }),
      finds('userName co "<u>" and title co "_"', 0),
    ],
  },
  {
    id: 'broken',
    guarantees: 'refuses a filter that it can not read, and never gives everyone for it',
    exchanges: [
      ...['userName eq "x" and', 'userName eq', 'eq "x"', 'userName pr "x"', 'emails[]', 'userName gt true'],
      ...['(userName pr', 'userName eq "x" or or active pr', 'not active eq true', 'userName eq "x', ''],
    ].map(refused),
  },
  {
    id: 'free-text',
    guarantees: 'refuses free text',
    exchanges: [refused('SOMEONE@CORP.EXAMPLE')],
  },
  {
    id: 'bare-word',
    guarantees: 'refuses a text without quotes',
    given: [{ name: 'a', ask: post('/Users', { ...userBody('a'), userName: 'bare<u>' }) }],
    exchanges: [refused('userName eq bare<u>')],
  },
  {
    id: 'boolean-in-quotes',
    guarantees: 'reads a boolean that comes as a text',
    given: [aUser('a', { active: false })],
    exchanges: [
      finds(`userName eq ${A} and active eq "False"`, 1),
      finds(`userName eq ${A} and active eq False`, 1),
      finds(`userName eq ${A} and active eq "True"`, 0),
    ],
  },
  {
    id: 'present',
    guarantees: 'takes an empty text and an empty list as absent',
    given: [aUser('a', { title: '', phoneNumbers: [] }), aUser('b', { title: 'Chef' })],
    exchanges: [
      finds('userName co "<u>" and title pr', 1, { id: '<b.id>' }),
      finds('userName co "<u>" and phoneNumbers pr', 0),
      finds('userName co "<u>" and title eq null', 1, { id: '<a.id>' }),
    ],
  },
  {
    id: 'no-such-attribute',
    guarantees: 'refuses an attribute that there is not, those of every object too',
    exchanges: [
      'fooBarBaz eq "x"',
      '__proto__.polluted eq "yes"',
      'constructor pr',
      'emails[toString pr]',
    ].map(refused),
  },
  {
    id: 'with-urn',
    guarantees: 'knows an attribute by its full name',
    given: [aUser('a')],
    exchanges: [finds(`${URN.user}:userName eq ${A}`, 1)],
  },
  {
    id: 'enterprise',
    guarantees: 'finds by what the extension adds',
    given: [
      aUser('a', {
        schemas: [URN.user, URN.enterprise],
        [URN.enterprise]: { employeeNumber: 'N<u>', department: 'Ops' },
      }),
    ],
    exchanges: [
      finds(`${URN.enterprise}:employeeNumber eq "N<u>"`, 1),
      finds(`userName co "<u>" and ${URN.enterprise}:department eq "ops"`, 1),
    ],
  },
  {
    id: 'dates',
    guarantees: 'compares dates as moments, whatever their zone and precision',
    given: [aUser('a')],
    exchanges: [
      finds(`userName eq ${A} and meta.lastModified eq "<a.meta.lastModified>"`, 1),
      finds(`userName eq ${A} and meta.created gt "2020-01-01T00:00:00.0000000+02:00"`, 1),
      finds(`userName eq ${A} and meta.created lt "2020-01-01T00:00:00Z"`, 0),
      refused('meta.created gt "yesterday"'),
    ],
  },
  {
    id: 'since',
    guarantees: 'tells what changed in a span of time, the way a reader asks',
    given: [aUser('a')],
    exchanges: [
      finds(
        `userName eq ${A} and active eq true and (meta.lastModified ge "2020-01-01T00:00:00Z" and meta.lastModified le "2999-01-01T00:00:00Z")`,
        1,
      ),
    ],
  },
  {
    id: 'group-by-name',
    guarantees: 'finds a group by its name whatever the case, and leaves its members out where asked',
    given: [aUser('a'), aGroup('g', ['a'])],
    exchanges: [
      {
        ask: find('displayName eq "G-<u>"', '&excludedAttributes=members', '/Groups'),
        status: 200,
        body: { totalResults: 1, Resources: [{ id: '<g.id>' }] },
        absent: ['Resources.0.members'],
      },
    ],
  },
  {
    id: 'group-by-member',
    guarantees: 'finds the groups that someone is in',
    given: [aUser('a'), aUser('b'), aGroup('g', ['a']), aGroup('h', ['b'])],
    exchanges: ['members eq "<a.id>"', 'members[value eq "<a.id>"]', 'members.value eq "<a.id>"'].map(
      (condition) => ({
        ask: find(`displayName co "<u>" and ${condition}`, '&attributes=id', '/Groups'),
        status: 200,
        body: { totalResults: 1, Resources: [{ id: '<g.id>' }] },
        absent: ['Resources.0.displayName'],
      }),
    ),
  },
  {
    id: 'search-by-post',
    guarantees: 'searches by POST as by GET, in one collection and in all',
    given: [aUser('a'), aGroup('g')],
    exchanges: [
      {
        ask: post('/Users/.search', {
          schemas: [URN.search],
          filter: `userName eq ${A}`,
          startIndex: 1,
          count: 0,
        }),
        status: 200,
        body: { totalResults: 1 },
        absent: ['Resources'],
      },
      {
        ask: post('/Users/.search', {
          schemas: [URN.search],
          filter: `userName eq ${A}`,
          attributes: ['userName'],
        }),
        status: 200,
        body: { totalResults: 1, Resources: [{ id: '<a.id>' }] },
        absent: ['Resources.0.name'],
      },
      {
        ask: post('/.search', { schemas: [URN.search], filter: 'displayName eq "g-<u>"' }),
        status: 200,
        body: { schemas: [URN.list], totalResults: 1, Resources: [{ id: '<g.id>', displayName: 'g-<u>' }] },
      },
    ],
  },
  {
    id: 'attributes',
    guarantees: 'gives what was asked for, and always the id and the schemas',
    given: [aUser('a')],
    exchanges: [
      {
        ask: get('/Users/<a.id>?attributes=userName'),
        status: 200,
        body: { id: '<a.id>', userName: 'a.<u>@corp.example', schemas: [URN.user] },
        absent: ['name', 'emails', 'active'],
      },
      {
        ask: get('/Users/<a.id>?attributes=NAME.givenName,emails.value'),
        status: 200,
        body: { id: '<a.id>', name: { givenName: 'Ada' }, emails: [{ value: 'a.<u>@corp.example' }] },
        absent: ['name.familyName', 'emails.0.type', 'userName'],
      },
      {
        ask: get('/Users/<a.id>?excludedAttributes=name,id'),
        status: 200,
        body: { id: '<a.id>', userName: 'a.<u>@corp.example' },
        absent: ['name'],
      },
    ],
  },
];

const three: readonly Given[] = [aUser('a'), aUser('b'), aUser('c')];
const page = (query: string) => find('userName co ".<u>@corp.example"', `&${query}`);

const PAGES: readonly Case[] = [
  {
    id: 'total',
    guarantees: 'counts all that match, not those of the page',
    given: three,
    exchanges: [
      {
        ask: page('startIndex=1&count=2'),
        status: 200,
        body: {
          totalResults: 3,
          itemsPerPage: 2,
          startIndex: 1,
          Resources: [{ id: '<a.id>' }, { id: '<b.id>' }],
        },
      },
      {
        ask: page('startIndex=3&count=2'),
        status: 200,
        body: { totalResults: 3, itemsPerPage: 1, startIndex: 3, Resources: [{ id: '<c.id>' }] },
      },
    ],
  },
  {
    id: 'past-the-end',
    guarantees: 'gives an empty page past the end, with the total',
    given: three,
    exchanges: [
      {
        ask: page('startIndex=101&count=100'),
        status: 200,
        body: { totalResults: 3, itemsPerPage: 0 },
        absent: ['Resources'],
      },
    ],
  },
  {
    id: 'before-the-start',
    guarantees: 'begins at the first for an index of none or less',
    given: three,
    exchanges: ['startIndex=-5&count=2', 'startIndex=0&count=2', 'startindex=0&Count=2'].map((query) => ({
      ask: page(query),
      status: 200,
      body: { startIndex: 1, itemsPerPage: 2, Resources: [{ id: '<a.id>' }, { id: '<b.id>' }] },
    })),
  },
  {
    id: 'count-only',
    guarantees: 'gives the total alone for a count of none or less',
    given: three,
    exchanges: ['count=0', 'count=-1'].map((query) => ({
      ask: page(query),
      status: 200,
      body: { totalResults: 3 },
      absent: ['Resources'],
    })),
  },
  {
    id: 'no-number',
    guarantees: 'refuses a page that is not a number',
    exchanges: [
      { ask: get('/Users?startIndex=abc'), status: 400, scimType: 'invalidValue' },
      { ask: get('/Users?count=1e3x'), status: 400, scimType: 'invalidValue' },
    ],
  },
  {
    id: 'huge-count',
    guarantees: 'gives as many as it says it gives at most, however many are asked for',
    given: three,
    exchanges: [{ ask: page('count=99999999'), status: 200, body: { totalResults: 3, itemsPerPage: 3 } }],
  },
  {
    id: 'sorted',
    guarantees: 'sorts both ways, without regard to case',
    given: [aUser('a', { name: { familyName: 'beta' } }), aUser('b', { name: { familyName: 'Alpha' } })],
    exchanges: [
      {
        ask: page('sortBy=name.familyName'),
        status: 200,
        body: { Resources: [{ id: '<b.id>' }, { id: '<a.id>' }] },
      },
      {
        ask: page('sortBy=userName&sortOrder=descending'),
        status: 200,
        body: { Resources: [{ id: '<b.id>' }, { id: '<a.id>' }] },
      },
    ],
  },
  {
    id: 'cursor',
    guarantees: 'begins a list by cursor, and refuses a cursor that it never gave',
    given: three,
    exchanges: [
      {
        ask: page('cursor=&count=2'),
        status: 200,
        body: { nextCursor: expect.any(String), Resources: [{ id: '<a.id>' }, { id: '<b.id>' }] },
      },
      { ask: page('cursor=nonsense&count=2'), status: 400, scimType: 'invalidCursor' },
    ],
  },
];

describeCases('filters', FILTERS);
describeCases('pages', PAGES);
