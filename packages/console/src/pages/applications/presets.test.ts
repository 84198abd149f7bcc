import { describe, expect, it } from 'vitest';
import { duration } from './duration';
import { type ApplicationValues, createInput, type ResourceServerChoice } from './presets';

const scim: ResourceServerChoice = {
  id: 'api-1',
  displayName: 'Provisioning',
  identifier: 'urn:provisioning',
  scopes: [
    { name: 'scim:all', description: '' },
    { name: 'other', description: '' },
  ],
};

const filled: Omit<ApplicationValues, 'preset'> = {
  displayName: 'Shop',
  redirectUris: ' https://shop.example/callback \n\n',
  postLogoutRedirectUris: 'https://shop.example/\r\nhttps://shop.example/bye',
  resourceServerId: '',
  allowedScopes: [],
};

describe('a new application', () => {
  it('that runs in the browser is public and has its addresses, one a line', () => {
    expect(createInput('r1', { ...filled, preset: 'single-page' }, [])).toEqual({
      realmId: 'r1',
      displayName: 'Shop',
      type: 'PUBLIC',
      grantTypes: ['AUTHORIZATION_CODE', 'REFRESH_TOKEN'],
      redirectUris: ['https://shop.example/callback'],
      postLogoutRedirectUris: ['https://shop.example/', 'https://shop.example/bye'],
    });
  });

  it('that is a machine has no addresses, even when some were typed before its kind was chosen', () => {
    const input = createInput(
      'r1',
      { ...filled, preset: 'machine', resourceServerId: 'api-1', allowedScopes: ['other'] },
      [scim],
    );
    expect(input).toEqual({
      realmId: 'r1',
      displayName: 'Shop',
      type: 'CONFIDENTIAL',
      grantTypes: ['CLIENT_CREDENTIALS'],
      resourceServerId: 'api-1',
      allowedScopes: ['other'],
    });
  });

  it('that provisions over SCIM gets that scope and no other', () => {
    const input = createInput('r1', { ...filled, preset: 'scim', allowedScopes: ['other'] }, [scim]);
    expect(input).toMatchObject({ resourceServerId: 'api-1', allowedScopes: ['scim:all'] });
  });
});

describe('a lifetime', () => {
  it.each([
    [900, '15 minutes'],
    [3_600, '1 hour'],
    [1_209_600, '14 days'],
    [3_601, '3,601 seconds'],
    [0, '0 seconds'],
  ])('of %i s reads %s', (seconds, words) => expect(duration(seconds)).toBe(words));
});
