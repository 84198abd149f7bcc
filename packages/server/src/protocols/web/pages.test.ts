import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../kernel/ids.js';
import { buildTestApp, type TestApp } from '../../testing/app.js';
import { renderHosted } from './pages.js';

let test: TestApp;
beforeAll(async () => {
  test = await buildTestApp();
});
afterAll(() => test.close());

const BROWSER = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' };

describe('a failure', () => {
  it.each([
    ['an address that is not there', '/nothing'],
    ['a realm that is not there', `/realms/${newId()}/bind`],
    ['a name that is no id', '/realms/x/sign-in/y'],
    ['a logo that is not there', `/realms/${newId()}/theme/logos/x`],
  ])('is a page for a person and JSON for a program: %s', async (_name, url) => {
    const page = await test.app.inject({ url, headers: BROWSER });
    expect(page.statusCode).toBe(404);
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self' 'nonce-/);
    expect(page.body).toContain('"code":"NOT_FOUND"');
    expect(page.body).toContain(String(page.headers['x-correlation-id']));

    const program = await test.app.inject({ url, headers: { accept: '*/*' } });
    expect(program.statusCode).toBe(404);
    expect(program.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('never answers a call of a page with a page', async () => {
    const url = `/realms/${newId()}/passkeys/registration/open`;
    const answer = await test.app.inject({ method: 'POST', url, headers: BROWSER, payload: {} });
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });
});

describe('a hosted page', () => {
  const page = { page: 'error', message: '</script><!--\u2028$&' };
  const template = '<script nonce="__KEYREALM_NONCE__">"__KEYREALM_PAGE__"</script>';

  it('lets no data out of its place', () => {
    const { html } = renderHosted(template, page);
    expect(html.match(/<\/script>/g)).toHaveLength(1);
    expect(html).not.toContain('<!--');
    expect(JSON.parse(/>(.*)<\/script>/.exec(html)?.[1] ?? '')).toEqual(page);
  });

  it('runs what is ours alone, and asks no other origin for anything', () => {
    const { headers } = renderHosted(template, page);
    const policy = String(headers['content-security-policy']);
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(policy).toContain("img-src 'self' data:;");
    expect(renderHosted(template, page).headers['content-security-policy']).not.toBe(policy);
  });
});
