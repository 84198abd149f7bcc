import type { FastifyInstance } from 'fastify';
import { notFound } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import type { ThemesService } from './themes.service.js';

interface Options {
  readonly themes: Pick<ThemesService, 'logo'>;
}

type One = { Params: { realmId: string; digest: string } };

/** The logos of a realm, to everybody. The address names the very bytes, so they may be kept for ever. */
export function themeRoutes(app: FastifyInstance, { themes }: Options): void {
  app.get<One>('/realms/:realmId/theme/logos/:digest', async (request, reply) => {
    const { realmId, digest } = request.params;
    const logo = isId(realmId) ? await themes.logo(realmId, digest) : undefined;
    if (!logo) throw notFound('logo');
    return reply
      .headers({
        'content-type': logo.media_type,
        'cache-control': 'public, max-age=31536000, immutable',
        // Whatever else may hide in an image: nobody takes it for a page, and as a page it could do nothing.
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'same-origin',
      })
      .send(logo.content);
  });
}
