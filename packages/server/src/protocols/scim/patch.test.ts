import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ScimError } from './errors.js';
import { parsePatch } from './operations.js';
import { applyPatch } from './patch.js';
import { PLAIN_USER } from './resource-types.js';
import type { Resource } from './values.js';

const ID = '01890000-0000-7000-8000-000000000001';

interface Person {
  userName: string;
  displayName?: string;
  active: boolean;
  name?: object;
  emails: { value: string; type?: string; primary?: boolean }[];
}

const ada = {
  userName: 'ada',
  externalId: 'ext',
  displayName: 'Ada',
  active: true,
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [
    { value: 'ada@work.example', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
} satisfies Resource;

const patch = (...operations: object[]): Person =>
  applyPatch(PLAIN_USER, ada, ID, parsePatch({ schemas: [], Operations: operations })) as unknown as Person;

describe('SCIM PATCH', () => {
  it.each([
    ['Okta, without a path', { op: 'replace', value: { active: false } }],
    ['Entra, capitals and a word', { op: 'Replace', path: 'active', value: 'False' }],
    ['Entra, without a path', { op: 'Replace', value: { active: 'False' } }],
    ['a list of one', { op: 'replace', path: 'active', value: [false] }],
    ['a URN', { op: 'add', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: false }],
  ])('deactivates as %s says it', (_name, operation) => {
    expect(patch(operation)).toEqual({ ...ada, active: false });
  });

  it('merges a name, and takes dotted keys', () => {
    expect(patch({ op: 'replace', path: 'name', value: { givenName: 'Augusta' } }).name).toEqual({
      givenName: 'Augusta',
      familyName: 'Lovelace',
    });
    expect(patch({ op: 'Add', value: { 'name.familyName': 'King', displayName: 'A. King' } })).toMatchObject({
      name: { givenName: 'Ada', familyName: 'King' },
      displayName: 'A. King',
    });
  });

  it('changes the address that a filter names, and leaves the others', () => {
    const changed = patch({ op: 'Replace', path: 'emails[type eq "work"].value', value: 'new@work.example' });
    expect(changed.emails).toEqual([
      { value: 'new@work.example', type: 'work', primary: true },
      { value: 'ada@home.example', type: 'home' },
    ]);
  });

  it('makes the element that Entra names and that is not there; a whole one that is missing has no target', () => {
    expect(
      patch({ op: 'Add', path: 'emails[type eq "other"].value', value: 'o@x.example' }).emails,
    ).toHaveLength(3);
    expect(() =>
      patch({ op: 'replace', path: 'emails[type eq "other"]', value: { value: 'o@x.example' } }),
    ).toThrow(/No element/);
  });

  it('keeps one primary address: the one said last', () => {
    const changed = patch({ op: 'add', path: 'emails[type eq "home"].primary', value: true });
    expect(changed.emails.map(({ primary }) => primary === true)).toEqual([false, true]);
    const added = patch({ op: 'add', path: 'emails', value: [{ value: 'third@x.example', primary: true }] });
    expect(added.emails.filter(({ primary }) => primary === true)).toEqual([
      { value: 'third@x.example', primary: true },
    ]);
  });

  it('takes a manager as text, by its part, and takes it away by a filter', () => {
    const urn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
    const expected = { [urn]: { manager: { value: 'm1' } } };
    expect(patch({ op: 'Add', path: `${urn}:manager`, value: 'm1' })).toMatchObject(expected);
    expect(patch({ op: 'add', path: `${urn}:manager.value`, value: 'm1' })).toMatchObject(expected);
    expect(patch({ op: 'replace', value: { [urn]: { manager: [{ value: 'm1' }] } } })).toMatchObject(
      expected,
    );
    const set = { op: 'add', value: { [`${urn}:manager`]: { value: 'm1' } } };
    expect(patch(set, { op: 'Remove', path: `${urn}:manager[value eq "m1"]` })).toEqual(ada);
    expect(patch(set, { op: 'Remove', path: `${urn}:manager[value eq "other"]` })).toMatchObject(expected);
    expect(patch(set, { op: 'remove', path: urn })).toEqual(ada);
  });

  it('makes and changes addresses that have no value of their own', () => {
    const street = { op: 'replace', path: 'addresses[type eq "work"].streetAddress', value: '77 Long Row' };
    expect(patch(street)).toMatchObject({ addresses: [{ type: 'work', streetAddress: '77 Long Row' }] });
    const again = { ...street, value: '' };
    expect(patch(street, again)).toEqual(ada);
  });

  it('adds no address twice, and removes one, some or all', () => {
    expect(
      patch({ op: 'add', path: 'emails', value: [{ value: 'ADA@home.example', type: 'home' }] }),
    ).toEqual(ada);
    expect(patch({ op: 'remove', path: 'emails[type eq "home"]' }).emails).toEqual([ada.emails[0]]);
    expect(patch({ op: 'remove', path: 'emails' }).emails).toBeUndefined();
    expect(patch({ op: 'remove', path: 'displayName' })).not.toHaveProperty('displayName');
  });

  it('takes on what is said of an address that is there, in whole or in part', () => {
    expect(
      patch({ op: 'add', path: 'emails', value: [{ value: 'ada@home.example', primary: true }] }).emails,
    ).toEqual([
      { value: 'ada@work.example', type: 'work', primary: false },
      { value: 'ada@home.example', type: 'home', primary: true },
    ]);
    expect(
      patch({ op: 'replace', path: 'emails[type eq "home"]', value: { display: 'At home' } }).emails[1],
    ).toEqual({ value: 'ada@home.example', type: 'home', display: 'At home' });
    expect(
      patch({ op: 'add', path: 'emails[type eq "other"]', value: { value: 'o@x.example' } }).emails[2],
    ).toEqual({ value: 'o@x.example', type: 'other' });
  });

  it('removes the addresses that are listed, and none for an empty list', () => {
    const remove = (value: unknown) => patch({ op: 'Remove', path: 'emails', value }).emails;
    expect(remove([{ value: 'ADA@work.example', type: 'work' }])).toEqual([ada.emails[1]]);
    expect(remove([{ value: 'ada@work.example', type: 'home' }])).toEqual(ada.emails);
    expect(remove([])).toEqual(ada.emails);
  });

  it('stays cheap for the largest body that it takes', () => {
    const many = Array.from({ length: 100 }, (_, n) => ({ value: `n${n}@x.example` }));
    const started = performance.now();
    patch(
      { op: 'replace', path: 'emails', value: many },
      ...Array.from({ length: 999 }, () => ({ op: 'add', path: 'emails', value: many })),
    );
    expect(performance.now() - started).toBeLessThan(3000);
    expect(() => patch({ op: 'add', path: 'emails', value: [...many, 'one@more.example'] })).toThrow(
      /at most/,
    );
    expect(() => patch({ op: 'add', path: 'emails', value: many })).toThrow(/at most/);
  });

  it('takes what clients repeat of the resource, and refuses another id', () => {
    expect(
      patch({ op: 'replace', value: { id: ID, schemas: [], meta: {}, groups: [], password: 'x' } }),
    ).toEqual(ada);
    expect(() => patch({ op: 'replace', value: { id: 'other' } })).toThrow(/never changes/);
  });

  it.each([
    ['invalidPath', { op: 'replace', path: 'nobody', value: 1 }],
    ['invalidPath', { op: 'replace', path: '__proto__.polluted', value: 1 }],
    ['invalidPath', { op: 'add', value: { 'constructor.prototype.polluted': 1 } }],
    ['mutability', { op: 'replace', path: 'id', value: 'x' }],
    ['mutability', { op: 'replace', path: 'meta.created', value: 'x' }],
    ['mutability', { op: 'remove', path: 'userName' }],
    ['mutability', { op: 'replace', path: 'userName', value: '' }],
    ['invalidValue', { op: 'remove', path: 'active' }],
    ['invalidValue', { op: 'replace', path: 'active', value: null }],
    ['invalidValue', { op: 'replace', path: 'emails[type eq "work"]', value: null }],
    ['invalidPath', { op: 'replace', path: 'emails[type eq "work"', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'emails[type eq "work"].nothing', value: 'x' }],
    ['invalidPath', { op: 'replace', path: 'userName[value eq "x"]', value: 'x' }],
    ['invalidPath', { op: 'replace', path: `emails["${'x'.repeat(9000)}`, value: 'x' }],
    ['invalidFilter', { op: 'replace', path: 'emails[__proto__ eq "x"].value', value: 'x' }],
    ['invalidValue', { op: 'replace', path: 'active', value: 'perhaps' }],
    ['invalidValue', { op: 'replace', path: 'displayName', value: { a: 1 } }],
    ['invalidValue', { op: 'replace', path: 'displayName' }],
    ['noTarget', { op: 'remove' }],
    ['invalidSyntax', { op: 'move', path: 'a', value: 1 }],
  ])('refuses with %s: %j', (scimType, operation) => {
    expect(() => patch(operation)).toThrow(expect.objectContaining({ scimType }));
  });

  it('is all or nothing, and never touches what it was given or anything else', () => {
    const before = structuredClone(ada);
    const path = fc.constantFrom(
      ...[
        'userName',
        'active',
        'name',
        'name.givenName',
        'emails',
        'emails[type eq "work"]',
        'emails[value pr].type',
        '__proto__',
        'id',
        'x',
      ],
    );
    const operation = fc.record(
      { op: fc.constantFrom('add', 'Replace', 'REMOVE', 'x'), path, value: fc.anything() },
      { requiredKeys: ['op'] },
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 5 }), (operations) => {
        try {
          const after = patch(...operations);
          expect(typeof after.userName).toBe('string');
          const emails = after.emails ?? [];
          expect(emails.every(({ value }) => typeof value === 'string' && value !== '')).toBe(true);
          expect(emails.filter(({ primary }) => primary === true).length).toBeLessThan(2);
        } catch (error) {
          if (!(error instanceof ScimError)) throw error;
        }
        expect(ada).toEqual(before);
        expect(Object.keys(Object.prototype)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
