import { describe, expect, it } from 'vitest';
import { authenticateAddress, bindAddress, realmOf, webAddress } from './addresses.js';

const ID = '0199c1f0-0000-7000-8000-000000000001';
const OTHER = '0199c1f0-0000-7000-8000-000000000002';
const JOB = '0199c1f0-0000-7000-8000-000000000003';
const realm = realmOf(`https://id.example.com/realms/${ID}`);
const secret = 's'.repeat(43);
const uid = 'u_-'.repeat(7);

describe('addresses', () => {
  it('takes the address of a realm, and nothing else, for an issuer', () => {
    expect(realm).toEqual({
      issuer: `https://id.example.com/realms/${ID}`,
      id: ID,
      origin: 'https://id.example.com',
    });
    expect(realmOf(`https://id.example.com/sub/realms/${ID}/`).issuer).toBe(
      `https://id.example.com/sub/realms/${ID}`,
    );
    for (const wrong of ['https://id.example.com', `https://id.example.com/realms/${ID}?a=1`, 'realms', ''])
      expect(() => realmOf(wrong)).toThrow(TypeError);
  });

  it('knows a sign-in of its own realm, whole', () => {
    const of = (request: string) =>
      authenticateAddress(`https://app.example/authenticate?request=${request}`, realm);
    expect(of(`${ID}.${uid}.${secret}`)).toBe(`${uid}.${secret}`);
    const wrong = [
      `${OTHER}.${uid}.${secret}`,
      `${ID}.${uid}`,
      `${ID}.${uid}.${secret}x`,
      `${ID}.${uid}.${secret}.more`,
      `${ID}.../../x.${secret}`,
      '',
    ];
    for (const request of wrong) expect(of(request)).toBeUndefined();
    expect(authenticateAddress('not an address', realm)).toBeUndefined();
  });

  it('knows a binding link of its own realm, on the page and as it was handed out', () => {
    const token = 't'.repeat(43);
    const found = { job: JOB, token };
    expect(bindAddress(`https://app.example/bind?realm=${ID}&job=${JOB}#token=${token}`, realm)).toEqual(
      found,
    );
    expect(bindAddress(`${realm.issuer}/bind?job=${JOB}#token=${token}`, realm)).toEqual(found);
    const wrong = [
      `https://app.example/bind?realm=${OTHER}&job=${JOB}#token=${token}`,
      `https://app.example/bind?job=${JOB}#token=${token}`,
      `https://id.example.com/realms/${OTHER}/bind?job=${JOB}#token=${token}`,
      `https://evil.example/realms/${ID}/bind?job=${JOB}#token=${token}`,
      `https://app.example/bind?realm=${ID}&job=${JOB}`,
      `https://app.example/bind?realm=${ID}&job=${JOB}&token=${token}`,
      `https://app.example/bind?realm=${ID}&job=x#token=${token}`,
    ];
    for (const address of wrong) expect(bindAddress(address, realm)).toBeUndefined();
  });

  it('goes on to web addresses alone', () => {
    expect(webAddress('https://app.example/done')).toBe('https://app.example/done');
    for (const wrong of ['javascript:alert(1)', 'data:text/html,x', '/done', null, 7])
      expect(webAddress(wrong)).toBeUndefined();
  });
});
