import { beforeAll, describe, expect, it } from 'vitest';
import { Refusal, refusalOf } from './api.js';
import { parseColour } from './colour.js';
import { parseLink } from './link.js';
import { speak } from './messages/index.js';
import { parsePage } from './page.js';
import { problemOf } from './problems.js';
import { isOfRealm } from './signals.js';
import { obstacleOf } from './unsupported.js';

const scheme = { background: '#f3f4f8', accent: '#2f5bea', onAccent: '#ffffff' };
const realm = {
  id: 'r',
  displayName: 'People',
  supportEmail: null,
  supportUrl: 'https://people.example/help',
  palette: { light: scheme, dark: scheme },
  logo: {
    alt: 'People',
    light: { path: '/realms/r/theme/logos/l', width: 120, height: 40 },
    dark: { path: '/realms/r/theme/logos/d', width: 120, height: 40 },
  },
};

describe('page data', () => {
  it('reads what the server writes', () => {
    const page = {
      page: 'sign-in',
      realm,
      interaction: 'i',
      recovery: true,
      signUp: true,
      applicationName: 'Shop',
    };
    expect(parsePage(JSON.stringify(page))).toEqual({
      ...page,
      loginHint: undefined,
      accounts: [],
      fresh: false,
      uiLocales: [],
    });
    expect(parsePage(JSON.stringify({ ...page, uiLocales: 'fr-CA fr en' })).uiLocales).toEqual([
      'fr-CA',
      'fr',
      'en',
    ]);
    expect(parsePage(JSON.stringify({ ...page, uiLocales: ['fr'] })).uiLocales).toEqual([]);
  });

  it.each([
    ['nothing', '""'],
    ['an unknown page', JSON.stringify({ page: 'admin', realm })],
    ['a missing field', JSON.stringify({ page: 'sign-in', realm })],
    [
      'a form that would leave our origin',
      JSON.stringify({ page: 'sign-out', realm, action: '//evil.example', xsrf: 'x' }),
    ],
    [
      'a logo from another origin',
      JSON.stringify({
        page: 'bind',
        realm: {
          ...realm,
          logo: { ...realm.logo, dark: { path: 'https://evil.example/x.png', width: 1, height: 1 } },
        },
      }),
    ],
    [
      'a form to a script',
      JSON.stringify({ page: 'sign-out', realm, action: 'javascript:alert(1)', xsrf: 'x' }),
    ],
  ])('refuses %s', (_name, text) => {
    expect(() => parsePage(text)).toThrow();
  });
});

describe('the question before signing out', () => {
  const page = { page: 'sign-out', realm, action: '/realms/r/logout/confirm', xsrf: 'x' };

  it.each([
    [{}, true],
    [{ asked: 'no' }, true],
    [{ asked: false }, false],
  ])('is left out only where the server says so: %j', (more, asked) => {
    expect(parsePage(JSON.stringify({ ...page, ...more }))).toEqual({ ...page, asked, uiLocales: [] });
  });
});

describe('a browser without passkeys', () => {
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
  it.each([
    ['an old browser', 'Mozilla/5.0 (X11; Linux x86_64; rv:52.0) Gecko/20100101 Firefox/52.0', 'update'],
    ['Safari on a phone', `${iphone} Version/18.0 Mobile/15E148 Safari/604.1`, 'update'],
    ['a view of an app on iOS', `${iphone} Mobile/15E148`, 'inApp'],
    [
      'a view of an app on Android',
      'Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36',
      'inApp',
    ],
    ['a known app', `${iphone} Mobile/15E148 [FBAN/FBIOS;FBAV/400.0]`, 'inApp'],
  ] as const)('is told what to do: %s', (_name, userAgent, obstacle) => {
    expect(obstacleOf(userAgent, true)).toBe(obstacle);
    expect(obstacleOf(userAgent, false)).toBe('insecure');
  });
});

describe('links', () => {
  it('takes the secret of a whole link', () => {
    expect(parseLink(`#token=${'aZ_-'.repeat(10)}`)).toEqual({ kind: 'whole', token: 'aZ_-'.repeat(10) });
  });

  it.each(['#token=', '#token=short', `#token=${'a'.repeat(101)}`, `#token=${'a'.repeat(40)}&x=<b>`])(
    'refuses the damaged %s',
    (hash) => {
      expect(parseLink(hash)).toEqual({ kind: 'damaged' });
    },
  );

  it.each(['', '#', '#other', '#xtoken=aaaaaaaaaaaaaaaaaaaaaaaa'])('finds no link in "%s"', (hash) => {
    expect(parseLink(hash)).toEqual({ kind: 'absent' });
  });
});

describe('whose passkey it is', () => {
  const realmId = '0198f0aa-1111-7222-8333-444455556666';
  const handleOf = (...ids: string[]) =>
    Buffer.from(ids.join('').replaceAll('-', ''), 'hex').toString('base64url');
  const identityId = '0198f0bb-aaaa-7bbb-8ccc-ddddeeeeffff';

  it('knows the passkey of this realm by its user handle', () => {
    expect(isOfRealm(handleOf(realmId, identityId), realmId)).toBe(true);
  });

  it('takes no other for one of this realm, so that the browser keeps it', () => {
    expect(isOfRealm(handleOf(identityId, realmId), realmId)).toBe(false);
    expect(isOfRealm(handleOf(realmId), realmId)).toBe(false);
    expect(isOfRealm(handleOf(realmId, identityId, identityId), realmId)).toBe(false);
    expect(isOfRealm('', realmId)).toBe(false);
    expect(isOfRealm(undefined, realmId)).toBe(false);
  });
});

describe('colours', () => {
  it('accepts #rrggbb and nothing that could carry a style', () => {
    expect(parseColour('#2f5bea')).toEqual([47, 91, 234]);
    for (const value of ['red', '#fff', '#2f5bea;x', 'url(x)', ''])
      expect(parseColour(value)).toBeUndefined();
  });
});

describe('problems', () => {
  beforeAll(() => speak(['de']));

  it('shows only what has the shape of our errors', () => {
    expect(refusalOf({ error: { code: 'LINK_USED', message: 'Used.', correlationId: 'c' } })).toMatchObject({
      code: 'LINK_USED',
      message: 'Used.',
      correlationId: 'c',
    });
    for (const answer of [undefined, null, 'text', [], { error: 'x' }, { error: { code: 1 } }])
      expect(refusalOf(answer).code).toBe('INTERNAL');
  });

  it('has a sentence for whatever a browser throws', () => {
    for (const name of [
      'NotAllowedError',
      'AbortError',
      'SecurityError',
      'InvalidStateError',
      'ConstraintError',
      'NotSupportedError',
      'Odd',
    ])
      expect(problemOf(Object.assign(new Error('raw text of the browser'), { name })).message).not.toContain(
        'raw',
      );
  });

  it('says a refusal in the person’s language, and in the server’s words where it knows no better', () => {
    expect(problemOf(new Refusal('LINK_USED', 'Used.')).message).toContain('Dieser Link wurde schon');
    expect(problemOf(new Refusal('NEW_CODE', 'As the server says.')).message).toBe('As the server says.');
    expect(problemOf(new Refusal('NEW_CODE', '')).message).toContain('Bei uns ist ein Fehler');
    expect(problemOf(new Refusal('constructor', 'No.')).message).toBe('No.');
  });

  it('keeps what an administrator wrote for the person', () => {
    const denied = (written: unknown) =>
      problemOf(refusalOf({ error: { code: 'POLICY_DENIED', message: 'Come on Monday.', written } })).message;
    expect(denied(true)).toBe('Come on Monday.');
    expect(denied(undefined)).toContain('Die Regeln dieser Organisation');
  });
});
