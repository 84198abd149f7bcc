import type { FastifyInstance } from 'fastify';
import { MANAGEMENT_SCOPES } from '../../kernel/permissions.js';
import { renderConsole } from './pages.js';

interface ConsoleTenant {
  readonly tenant: { readonly id: string; readonly display_name: string };
  readonly realmId: string;
  readonly clientId: string;
}

interface Options {
  readonly template: string;
  readonly publicUrl: string;
  readonly findTenant: (tenantId: string | undefined) => Promise<ConsoleTenant | undefined>;
}

/** The console's page at each of its addresses, and what it needs to know to sign in. */
export function consoleRoutes(app: FastifyInstance, { template, publicUrl, findTenant }: Options): void {
  app.get<{ Querystring: { tenant?: unknown } }>('/console/config.json', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    const { tenant } = request.query;
    const asked = typeof tenant === 'string' && tenant !== '' ? tenant : undefined;
    const found = await findTenant(asked);
    if (!found)
      return reply.code(asked === undefined ? 400 : 404).send({
        error:
          asked === undefined
            ? { code: 'TENANT_REQUIRED', message: 'Say which tenant you administer.' }
            : { code: 'NOT_FOUND', message: 'There is no such tenant.' },
      });
    return {
      tenantId: found.tenant.id,
      tenantName: found.tenant.display_name,
      issuer: `${publicUrl}/realms/${found.realmId}`,
      clientId: found.clientId,
      scopes: ['openid', 'profile', 'email', ...Object.keys(MANAGEMENT_SCOPES)],
    };
  });

  for (const url of ['/console/', '/console/*'])
    app.get(url, async (request, reply) => {
      // A file that is not there is no page of the console.
      if (request.url.startsWith('/console/assets/')) return reply.callNotFound();
      const page = renderConsole(template);
      return reply.headers(page.headers).send(page.html);
    });
  app.get('/console', async (_request, reply) => reply.redirect('/console/', 308));
  app.get('/', async (_request, reply) => reply.redirect('/console/', 302));
}
