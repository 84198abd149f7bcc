import {
  aGroup,
  aUser,
  type Case,
  describeCases,
  find,
  get,
  patch,
  post,
  put,
  URN,
  userBody,
} from '../../../testing/scim.js';

const NOBODY = '00000000-0000-4000-8000-00000000dead';
const enterprise = (name: string, extension: object) => ({
  schemas: [URN.user, URN.enterprise],
  userName: `${name}.<u>@corp.example`,
  [URN.enterprise]: extension,
});

const CREATE: readonly Case[] = [
  {
    id: 'with-password',
    guarantees:
      'creates a user whose client sends a password and empty groups, and never gives the password back',
    exchanges: [
      {
        ask: post(
          '/Users',
          userBody('a', { externalId: '00u<u>', locale: 'en-US', groups: [], password: 'Tmp-9f3Qz!x' }),
        ),
        status: 201,
        body: { active: true, externalId: '00u<u>', locale: 'en-US' },
        absent: ['password', 'groups'],
      },
      {
        ask: find('userName eq "a.<u>@corp.example"', '&attributes=password'),
        status: 200,
        absent: ['Resources.0.password'],
      },
    ],
  },
  {
    id: 'taken',
    guarantees: 'refuses a username that is taken, in any case of its letters',
    given: [aUser('a')],
    exchanges: [
      { ask: post('/Users', userBody('a')), status: 409, scimType: 'uniqueness' },
      {
        ask: post('/Users', { ...userBody('b'), userName: 'A.<u>@CORP.example' }),
        status: 409,
        scimType: 'uniqueness',
      },
    ],
  },
  {
    id: 'shared-address',
    guarantees: 'lets two people share an address',
    given: [aUser('a')],
    exchanges: [
      {
        ask: post('/Users', { ...userBody('b'), emails: [{ value: 'a.<u>@corp.example', type: 'work' }] }),
        status: 201,
      },
    ],
  },
  {
    id: 'provisioned-again',
    guarantees: 'tells a client that the user whom it deactivated is there, and lets it find them',
    given: [aUser('a')],
    exchanges: [
      { ask: patch('/Users/<a.id>', { op: 'replace', value: { active: false } }), status: 200 },
      { ask: post('/Users', userBody('a')), status: 409, scimType: 'uniqueness' },
      {
        ask: find('userName eq "a.<u>@corp.example"'),
        status: 200,
        body: { totalResults: 1, Resources: [{ id: '<a.id>', active: false }] },
      },
    ],
  },
  {
    id: 'entra-create',
    guarantees: 'creates from a boolean in words, empty roles and meta',
    exchanges: [
      {
        ask: post('/Users', {
          schemas: [URN.user, URN.enterprise],
          externalId: 'ext-<u>',
          userName: 'a.<u>@corp.example',
          active: 'True',
          emails: [{ primary: true, type: 'work', value: 'a.<u>@corp.example' }],
          meta: { resourceType: 'User' },
          name: { formatted: 'Ola Brandt', familyName: 'Brandt', givenName: 'Ola' },
          roles: [],
        }),
        status: 201,
        body: { active: true, externalId: 'ext-<u>', name: { formatted: 'Ola Brandt' } },
      },
    ],
  },
  {
    id: 'manager-as-text',
    guarantees: 'takes a manager as a text and gives an object',
    given: [aUser('m')],
    exchanges: [
      {
        ask: post('/Users', enterprise('a', { employeeNumber: 'E-17', manager: '<m.id>' })),
        status: 201,
        body: {
          schemas: [URN.user, URN.enterprise],
          [URN.enterprise]: { employeeNumber: 'E-17', manager: { value: '<m.id>' } },
        },
      },
    ],
  },
  {
    id: 'manager-to-come',
    guarantees: 'keeps a manager who is not there yet',
    exchanges: [
      {
        ask: post('/Users', enterprise('a', { manager: { value: NOBODY } })),
        status: 201,
        body: { [URN.enterprise]: { manager: { value: NOBODY } } },
      },
    ],
  },
  {
    id: 'unassigned',
    guarantees: 'takes null, an empty text and an empty list as nothing',
    exchanges: [
      {
        ask: post('/Users', userBody('a', { nickName: null, phoneNumbers: [], title: '' })),
        status: 201,
        absent: ['nickName', 'phoneNumbers', 'title'],
      },
    ],
  },
  {
    id: 'no-username',
    guarantees: 'refuses a user without a username',
    exchanges: [
      {
        ask: post('/Users', { schemas: [URN.user], displayName: 'No Name' }),
        status: 400,
        scimType: 'invalidValue',
      },
      { ask: post('/Users', { ...userBody('a'), userName: '' }), status: 400, scimType: 'invalidValue' },
    ],
  },
  {
    id: 'names-in-any-case',
    guarantees: 'knows attributes by their names in any case',
    exchanges: [
      {
        ask: post('/Users', {
          schemas: [URN.user],
          USERNAME: 'a.<u>@corp.example',
          Name: { GIVENNAME: 'Kai' },
          Active: true,
        }),
        status: 201,
        body: { userName: 'a.<u>@corp.example', name: { givenName: 'Kai' } },
      },
    ],
  },
  {
    id: 'retried',
    guarantees: 'leaves the first alone when its creation is sent again',
    given: [aUser('a', { externalId: 'x-<u>', title: 'Pilot' })],
    exchanges: [
      {
        ask: post('/Users', { schemas: [URN.user], userName: 'a.<u>@corp.example' }),
        status: 409,
        scimType: 'uniqueness',
      },
      { ask: get('/Users/<a.id>'), status: 200, body: { title: 'Pilot', externalId: 'x-<u>' } },
    ],
  },
  {
    id: 'whole-profile',
    guarantees: 'gives back all that it was given, exactly as it came',
    exchanges: [
      {
        ask: post('/Users', {
          ...userBody('a', WHOLE()),
          schemas: [URN.user, URN.enterprise],
        }),
        status: 201,
        body: WHOLE(),
      },
    ],
  },
  {
    id: 'no-such-id',
    guarantees: 'answers 404 to an id that can not be one of ours',
    exchanges: ['00919288221112222', NOBODY, '%27%3B--'].map((id) => ({
      ask: get(`/Users/${id}`),
      status: 404,
    })),
  },
];

function WHOLE(): object {
  return {
    name: {
      formatted: 'Dr. Ada M. Quill III',
      familyName: 'Quill',
      givenName: 'Ada',
      middleName: 'M.',
      honorificPrefix: 'Dr.',
      honorificSuffix: 'III',
    },
    displayName: 'Ada  Quill',
    nickName: 'Ad',
    profileUrl: 'https://people.corp.example/ada',
    title: 'Pilot, née "Ace"',
    userType: 'Employee',
    preferredLanguage: 'sv-SE, en;q=0.8',
    locale: 'sv-SE',
    timezone: 'Europe/Stockholm',
    phoneNumbers: [
      { value: 'tel:+46-8-123', type: 'work', primary: true },
      { value: '070 1', type: 'mobile' },
    ],
    ims: [{ value: 'ada', type: 'xmpp' }],
    photos: [{ value: 'https://people.corp.example/ada.png', type: 'photo' }],
    addresses: [
      {
        type: 'work',
        streetAddress: '1 Old Quay\nFloor 2',
        locality: 'Lund',
        region: 'Skåne',
        postalCode: '222 22',
        country: 'SE',
        primary: true,
      },
    ],
    entitlements: [{ value: 'crane' }],
    roles: [{ value: 'captain', primary: true }],
    [URN.enterprise]: {
      employeeNumber: '00<u>',
      costCenter: '42',
      organization: 'Corp',
      division: 'Sea',
      department: 'Bridge',
    },
  };
}

const REPLACE: readonly Case[] = [
  {
    id: 'put-round-trip',
    guarantees: 'takes back what it gave: id, meta, groups and empty parts, and leaves memberships alone',
    given: [aUser('a'), aGroup('g', ['a'])],
    exchanges: [
      {
        ask: put('/Users/<a.id>', {
          ...userBody('a'),
          id: '<a.id>',
          name: { givenName: 'Nia', middleName: '', familyName: 'Quill' },
          emails: [{ primary: true, value: 'a.<u>@corp.example', type: 'work', display: 'a' }],
          groups: [],
          meta: { resourceType: 'User' },
        }),
        status: 200,
        body: { id: '<a.id>', name: { givenName: 'Nia' } },
        absent: ['name.middleName'],
      },
      { ask: get('/Groups/<g.id>'), status: 200, members: ['<a.id>'] },
    ],
  },
  {
    id: 'put-replaces',
    guarantees: 'forgets what the new whole does not say',
    given: [aUser('a', { title: 'Pilot', externalId: 'x-<u>', phoneNumbers: [{ value: '1' }] })],
    exchanges: [
      {
        ask: put('/Users/<a.id>', { schemas: [URN.user], userName: 'a.<u>@corp.example' }),
        status: 200,
        absent: ['title', 'phoneNumbers', 'emails', 'name.givenName', 'externalId'],
      },
    ],
  },
  {
    id: 'put-without-active',
    guarantees: 'lets nobody in again by leaving out whether they are active',
    given: [aUser('a', { active: false })],
    exchanges: [
      {
        ask: put('/Users/<a.id>', { schemas: [URN.user], userName: 'a.<u>@corp.example' }),
        status: 200,
        body: { active: false },
      },
      { ask: get('/Users/<a.id>'), status: 200, body: { active: false } },
    ],
  },
  {
    id: 'put-unknown',
    guarantees: 'creates nobody by replacing',
    exchanges: [
      { ask: put(`/Users/${NOBODY}`, userBody('ghost')), status: 404 },
      { ask: find('userName eq "ghost.<u>@corp.example"'), status: 200, body: { totalResults: 0 } },
    ],
  },
  {
    id: 'put-taken',
    guarantees: 'refuses the username of someone else in a replacement',
    given: [aUser('a'), aUser('b')],
    exchanges: [
      { ask: put('/Users/<a.id>', userBody('b')), status: 409, scimType: 'uniqueness' },
      { ask: get('/Users/<a.id>'), status: 200, body: { userName: 'a.<u>@corp.example' } },
    ],
  },
  {
    id: 'put-other-id',
    guarantees: 'ignores another id in a replacement, as everything that only the server writes',
    given: [aUser('a')],
    exchanges: [
      {
        ask: put('/Users/<a.id>', {
          ...userBody('a'),
          id: NOBODY,
          groups: [{ value: NOBODY }],
          title: 'Chef',
        }),
        status: 200,
        body: { id: '<a.id>', title: 'Chef' },
        absent: ['groups'],
      },
      { ask: get(`/Users/${NOBODY}`), status: 404 },
    ],
  },
];

describeCases('creating users', CREATE);
describeCases('replacing users', REPLACE);
