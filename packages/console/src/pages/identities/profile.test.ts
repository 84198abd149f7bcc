import { describe, expect, it } from 'vitest';
import { attributesFrom, attributeTexts, declaredBy, NOTHING_DECLARED } from './attributes';
import { EMPTY_PROFILE, filledIn } from './new-profile';
import { changed, type Profile, valuesOf } from './profile';

const declared = declaredBy({
  type: 'object',
  properties: {
    badge: { type: 'integer' },
    remote: { type: 'boolean' },
    floors: { type: 'array', items: { type: 'number' } },
    note: { type: 'string' },
  },
  required: ['badge'],
});

const none = Object.fromEntries(
  Object.keys(valuesOf({ emails: [], phoneNumbers: [], attributes: {} } as unknown as Profile, declared)).map(
    (field) => [field, null],
  ),
);
const profile = {
  ...none,
  username: 'mira',
  displayName: 'Mira Stone',
  emails: [{ value: 'mira@example.com', type: 'work', primary: true, display: 'Mira' }],
  phoneNumbers: [],
  attributes: { badge: 7, floors: [1, 2] },
} as unknown as Profile;

describe('the profile of an identity', () => {
  it('sends nothing when nothing was changed', () => {
    expect(changed(valuesOf(profile, declared), profile, declared)).toEqual({});
  });

  it('sends what was changed, and null for what was emptied', () => {
    const values = { ...valuesOf(profile, declared), familyName: 'Stone', displayName: ' ' };
    expect(changed(values, profile, declared)).toEqual({ familyName: 'Stone', displayName: null });
  });

  it('sends a list as a whole, with what the form does not show of it', () => {
    const values = valuesOf(profile, declared);
    const more = { value: ' m@example.com ', type: '', primary: false, display: null };
    const kept = { value: 'mira@example.com', type: 'work', primary: true, display: 'Mira' };
    expect(changed({ ...values, emails: [...values.emails, more] }, profile, declared)).toEqual({
      emails: [kept, { value: 'm@example.com', type: null, primary: false, display: null }],
    });
  });

  it('sends all custom attributes when one was changed, each of its declared type', () => {
    const values = valuesOf(profile, declared);
    values.attributes.remote = 'false';
    expect(changed(values, profile, declared)).toEqual({
      attributes: { badge: 7, remote: false, floors: [1, 2] },
    });
  });

  it('creates with what was filled in', () => {
    expect(filledIn({ ...EMPTY_PROFILE, username: 'mira', givenName: 'Mira' })).toEqual({
      username: 'mira',
      givenName: 'Mira',
    });
  });
});

describe('custom attributes', () => {
  it('are empty texts where the identity has none, and leave again as nothing', () => {
    const texts = attributeTexts({}, declared);
    expect(texts).toEqual({ badge: '', remote: '', floors: [], note: '' });
    expect(attributesFrom(texts, declared)).toEqual({});
  });

  it('leave what is no number to the server to refuse', () => {
    expect(attributesFrom({ badge: 'seven', floors: ['3', 'x'] }, declared)).toEqual({
      badge: 'seven',
      floors: [3, 'x'],
    });
  });

  it('are none where the realm declares none', () => {
    expect(declaredBy({ type: 'object', additionalProperties: false })).toEqual(NOTHING_DECLARED);
  });
});
