import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { now } from '../../kernel/clock.js';
import type { RealmCtx } from '../../kernel/context.js';
import type { InventoryExportService } from './inventory-export.service.js';

interface Options {
  readonly exports: InventoryExportService;
  /** The caller inside the realm of the address, by bearer token. */
  readonly enter: (request: FastifyRequest, realmId: string) => Promise<RealmCtx>;
}

const TYPES = { csv: 'text/csv; charset=utf-8; header=present', ndjson: 'application/x-ndjson' } as const;

/** The inventory of passkeys as a file, written as fast as it is read. */
export function inventoryExportRoutes(app: FastifyInstance, { exports, enter }: Options): void {
  app.get<{ Params: { realmId: string } }>(
    '/realms/:realmId/credentials/export',
    { exposeHeadRoute: false },
    async (request, reply) => {
      const ctx = await enter(request as FastifyRequest, request.params.realmId);
      const { format, text } = await exports.open(ctx, request.query);
      const name = `passkeys-${now().toISOString().slice(0, 10)}.${format}`;
      return reply
        .header('content-type', TYPES[format])
        .header('content-disposition', `attachment; filename="${name}"`)
        .header('cache-control', 'no-store')
        .send(Readable.from(text, { highWaterMark: 2 }));
    },
  );
}
