import type { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { RealmCtx } from '../../kernel/context.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import { FILE_LIMITS } from './imports.types.js';
import type { ImportUploads } from './imports.upload.service.js';

interface Options {
  readonly uploads: ImportUploads;
  /** The caller inside the realm of the address, by bearer token. */
  readonly enter: (request: FastifyRequest, realmId: string) => Promise<RealmCtx>;
}

type One = { Params: { realmId: string; importId: string }; Querystring: { restart?: string } };

/** The file of an import, in a scope of its own: its body is never read into memory as a whole. */
export function importRoutes(app: FastifyInstance, { uploads, enter }: Options): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, body, done) => done(null, body));

  app.put<One>('/realms/:realmId/imports/:importId/file', async (request, reply) => {
    const ctx = await enter(request as FastifyRequest, request.params.realmId);
    const { headers } = request;
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
      throw invalid('Send the file as it is, not compressed.', 'file');
    if (Number(headers['content-length'] ?? 0) > FILE_LIMITS.fileBytes)
      throw new DomainError('invalid', 'LIMIT_REACHED', 'A file has at most 2 GiB.', { path: ['file'] });
    const body = request.body as Readable | undefined;
    if (body === undefined) throw invalid('Send the file as the body of the request.', 'file');
    const row = await uploads
      .receive(
        ctx,
        { importId: request.params.importId, restart: request.query.restart === 'true' },
        // A fault in the file is answered; destroying the stream would take the answer's connection with it.
        body.iterator({ destroyOnReturn: false }),
      )
      .catch((error: unknown) => {
        const brokeOff = !(error instanceof DomainError) && request.raw.destroyed && !request.raw.complete;
        throw brokeOff ? invalid('The file broke off. Send it again.', 'file') : error;
      });
    reply.header('cache-control', 'no-store');
    return { import: { id: row.id, status: row.status, lines: row.lines } };
  });
}
