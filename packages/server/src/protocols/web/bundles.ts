import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** The two web applications as they were built: their page, and where their files are. */
export interface Bundles {
  readonly console: { readonly template: string; readonly dir?: string };
  readonly hosted: { readonly template: string; readonly dir?: string };
}

const packages = new URL('../../../../', import.meta.url);

/** @throws Error when they were not built */
export function readBundles(): Bundles {
  const read = (name: string) => {
    const dir = fileURLToPath(new URL(`${name}/dist`, packages));
    const page = join(dir, 'index.html');
    if (!existsSync(page)) throw new Error(`The web pages are not built: ${name} is missing. Run npm start.`);
    return { template: readFileSync(page, 'utf8'), dir };
  };
  return { console: read('console'), hosted: read('authenticator') };
}

/** Files of a bundle carry a digest in their name, so that they may be kept for ever. */
export async function serveAssets(app: FastifyInstance, bundles: Bundles): Promise<void> {
  const served = [
    ['/console/', bundles.console.dir],
    ['/authenticator/', bundles.hosted.dir],
  ] as const;
  for (const [index, [prefix, dir]] of served.entries())
    if (dir !== undefined)
      await app.register(fastifyStatic, {
        root: dir,
        prefix,
        index: false,
        wildcard: false,
        decorateReply: index === 0,
        immutable: true,
        maxAge: '365d',
        globIgnore: ['**/index.html'],
      });
}
