import { describe, expect, it } from 'vitest';
import { changed, EMPTY_PROFILE, filledIn, valuesOf } from './profile';

const profile = {
  username: 'mira',
  displayName: 'Mira Stone',
  givenName: 'Mira',
  familyName: null,
  email: 'mira@example.com',
  externalId: null,
};

describe('the profile of an identity', () => {
  it('sends nothing when nothing was changed', () => {
    expect(changed(valuesOf(profile), profile)).toEqual({});
  });

  it('sends what was changed, and null for what was emptied', () => {
    const values = { ...valuesOf(profile), familyName: 'Stone', email: ' ' };
    expect(changed(values, profile)).toEqual({ familyName: 'Stone', email: null });
  });

  it('creates with what was filled in', () => {
    expect(filledIn({ ...EMPTY_PROFILE, username: 'mira', givenName: 'Mira' })).toEqual({
      username: 'mira',
      givenName: 'Mira',
    });
  });
});
