import { describe, expect, it } from 'vitest';
import { modelOf, modelsNamed, nameFrom } from './models.js';

const ZEROS = '00000000-0000-0000-0000-000000000000';
const TITAN = '42b4fb4a-2866-43b2-9bf7-6c6669c2e5d3';
const HELLO = '08987058-cadc-4b81-b6e1-30de50dcbe96';
const STRANGER = '01020304-0506-0708-0102-030405060708';

const CHROME_WINDOWS =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const SAFARI_IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';

describe('models of authenticators', () => {
  it('says of all zeros that nothing was attested, and makes no model of it', () => {
    expect(modelOf(ZEROS)).toEqual({
      aaguid: ZEROS,
      kind: 'NOT_ATTESTED',
      name: 'Not attested',
      icon: 'UNKNOWN',
    });
    expect(nameFrom(ZEROS, CHROME_WINDOWS)).toBe('Passkey on Windows, Chrome');
    expect(modelsNamed('not attested')).toEqual([]);
  });

  it.each([
    ['ea9b8d66-4d01-1d21-3ce4-b6b48cb575d4', 'Google Password Manager', 'PASSWORD_MANAGER'],
    ['fbfc3007-154e-4ecc-8c0b-6e020557d7bd', 'Apple Passwords', 'PASSWORD_MANAGER'],
    [HELLO, 'Windows Hello', 'PLATFORM'],
    ['adce0002-35bc-c60a-648b-0b25f1f05503', 'Chrome on Mac', 'PLATFORM'],
    ['6e8d1eae-8d40-4c25-bcf8-4633959afc71', 'Veridium iOS SDK', 'PHONE'],
    [TITAN, 'Google Titan Security Key v2', 'SECURITY_KEY'],
  ])('knows %s as %s', (aaguid, name, icon) => {
    expect(modelOf(aaguid)).toEqual({ aaguid, kind: 'KNOWN', name, icon });
  });

  it('shows a model that no list has by its number, and names a passkey of it by its place alone', () => {
    expect(modelOf(STRANGER)).toMatchObject({
      kind: 'UNKNOWN',
      name: `Unknown authenticator (${STRANGER})`,
    });
    expect(nameFrom(STRANGER, SAFARI_IPHONE)).toBe('Passkey on iPhone, Safari');
  });

  it.each([
    [HELLO, `${CHROME_WINDOWS} Edg/126.0.0.0`, 'Windows Hello on Windows, Edge'],
    [TITAN, 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0', 'on Linux, Firefox'],
    [ZEROS, 'Linux', 'Passkey on Linux'],
    [ZEROS, null, 'Passkey'],
    [ZEROS, 'x'.repeat(512), 'Passkey'],
  ])('names a passkey of %s by the browser that says %s', (aaguid, userAgent, name) => {
    expect(nameFrom(aaguid, userAgent)).toContain(name);
  });

  it('finds the models whose name has every word', () => {
    expect(modelsNamed('titan GOOGLE')).toEqual([TITAN]);
    expect(modelsNamed('windows hello')).toHaveLength(3);
    expect(modelsNamed('  ')).toEqual([]);
  });
});
