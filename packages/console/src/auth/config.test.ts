import { describe, expect, it, vi } from 'vitest';
import { loadConfig } from './config';

const CONFIG = {
  tenantId: 't1',
  tenantName: 'Acme',
  issuer: 'https://id.example/realms/r1',
  clientId: 'c1',
  scopes: ['openid'],
};

const answering = (status: number, body: unknown) =>
  vi.fn<typeof fetch>(async () => new Response(JSON.stringify(body), { status }));

describe('the configuration of the sign-in', () => {
  it('is asked for one tenant, whatever its id holds', async () => {
    const ask = answering(200, CONFIG);
    expect(await loadConfig('a&b', ask)).toEqual({ kind: 'found', config: CONFIG });
    expect(ask.mock.calls[0]?.[0]).toBe('/console/config.json?tenant=a%26b');
  });

  it('needs a tenant where the server can not tell which', async () => {
    expect(await loadConfig(undefined, answering(400, { error: { code: 'TENANT_REQUIRED' } }))).toEqual({
      kind: 'tenant-needed',
      message: undefined,
    });
  });

  it('says that a tenant is unknown', async () => {
    const answer = await loadConfig('t9', answering(404, {}));
    expect(answer).toMatchObject({ kind: 'tenant-needed', message: expect.stringContaining('no tenant') });
  });

  it('refuses an answer that is no configuration', async () => {
    await expect(loadConfig('t1', answering(200, { ...CONFIG, issuer: 7 }))).rejects.toThrow('status 200');
  });
});
