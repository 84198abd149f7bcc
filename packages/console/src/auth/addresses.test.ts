import { describe, expect, it } from 'vitest';
import { ownAddress } from './addresses';

const back = (address: string) => ownAddress(address, 'https://id.example');

describe('the way back after signing in', () => {
  it('keeps a deep link', () => {
    expect(back('/console/realms/r1/events?flow=f1#x')).toBe('/console/realms/r1/events?flow=f1#x');
  });

  it.each([
    'https://evil.example/console/',
    '//evil.example/console/',
    '/\\\\evil.example/console/',
    '/console/../realms/r1/logout',
    'javascript:alert(1)',
    'https://',
  ])('never leads out of the console: %s', (address) => expect(back(address)).toBe('/console/'));

  it('does not run into the callback again', () => {
    expect(back('/console/callback?code=used')).toBe('/console/');
  });
});
