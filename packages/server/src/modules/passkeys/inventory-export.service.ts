import { z } from 'zod';
import { parseInput } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { MAX_PAGE, type Page } from '../../kernel/page.js';
import { id } from '../../kernel/text.js';
import type { createEventsService } from '../events/events.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import { csvCell } from '../imports/columns.types.js';
import type { InventoryService } from './inventory.service.js';
import { modelOf } from './models.js';
import type { PasskeyRow } from './passkeys.queries.js';

interface Deps {
  inventory: Pick<InventoryService, 'list'>;
  identities: Pick<IdentitiesService, 'findMany'>;
  events: Pick<ReturnType<typeof createEventsService>, 'record'>;
}

const time = z.iso
  .datetime({ offset: true, error: 'This is not an RFC 3339 time.' })
  .transform((text) => new Date(text))
  .optional();

const yes = z
  .enum(['true', 'false'], 'This is true or false.')
  .transform((text) => text === 'true')
  .optional();

/** As the parameters of an address. One that does not exist is refused, so that a slip exports none too many. */
const wanted = z.strictObject({
  format: z.enum(['csv', 'ndjson'], 'A format is csv or ndjson.'),
  query: z.string().trim().max(200).optional(),
  status: z.enum(['ACTIVE', 'REVOKED']).optional(),
  aaguid: id.optional(),
  identityId: id.optional(),
  deviceBound: yes,
  userVerified: yes,
  attested: yes,
  createdAfter: time,
  createdBefore: time,
  lastUsedAfter: time,
  lastUsedBefore: time,
  unusedSince: time,
  neverUsed: yes,
});
type Wanted = z.infer<typeof wanted>;

const COLUMNS = [
  'id',
  'name',
  'status',
  'aaguid',
  'model',
  'attestation',
  'deviceBound',
  'backedUp',
  'userVerified',
  'transports',
  'algorithm',
  'relyingPartyId',
  'identityId',
  'username',
  'displayName',
  'createdAt',
  'createdIp',
  'lastUsedAt',
  'lastUsedIp',
  'revokedAt',
] as const;
type Told = Readonly<Record<(typeof COLUMNS)[number], string | number | boolean | readonly string[] | null>>;

export type InventoryExportService = ReturnType<typeof createInventoryExportService>;

/** The inventory of a realm as a file: a page at a time, however many passkeys there are. */
export function createInventoryExportService({ inventory, identities, events }: Deps) {
  const pageOf = (ctx: RealmCtx, { format, query, ...filter }: Wanted, after: string | undefined) =>
    inventory.list(ctx, { ...filter, query: query || undefined }, 'CREATED_AT_ASC', {
      first: MAX_PAGE,
      after,
    });

  async function toldOf(ctx: RealmCtx, rows: readonly PasskeyRow[]): Promise<Told[]> {
    if (rows.length === 0) return [];
    const owners = await identities.findMany(ctx, [...new Set(rows.map((row) => row.identity_id))]);
    const byId = new Map(owners.map((owner) => [owner.id, owner]));
    return rows.map((row) => told(row, byId.get(row.identity_id)));
  }

  async function* lines(ctx: RealmCtx, asked: Wanted, first: Page<PasskeyRow>) {
    const write = asked.format === 'csv' ? csvLine : ndjsonLine;
    let count = 0;
    let complete = false;
    try {
      if (asked.format === 'csv') yield `${COLUMNS.join(',')}\r\n`;
      for (let page = first; ; ) {
        const rows = page.items.map(({ node }) => node);
        const text = (await toldOf(ctx, rows)).map(write).join('');
        count += rows.length;
        if (text !== '') yield text;
        if (!page.hasNextPage) break;
        page = await pageOf(ctx, asked, page.items.at(-1)?.cursor);
      }
      complete = true;
    } finally {
      // Whoever stops reading has taken that much all the same.
      const { id: realmId, displayName } = ctx.realm;
      await events.record(
        ctx,
        'credential_inventory.exported',
        { format: asked.format, credentials: count, complete },
        { subject: { kind: 'REALM', id: realmId, name: displayName } },
      );
    }
  }

  return {
    /**
     * Needs credentials:read, and identities:read for whose they are.
     * @returns the format, and the text in parts of a page each; the first page was read already
     */
    async open(
      ctx: RealmCtx,
      raw: unknown,
    ): Promise<{ format: Wanted['format']; text: AsyncIterable<string> }> {
      requireScope(ctx, 'credentials:read');
      requireScope(ctx, 'identities:read');
      const asked = parseInput(wanted, raw);
      return { format: asked.format, text: lines(ctx, asked, await pageOf(ctx, asked, undefined)) };
    },
  };
}

const told = (row: PasskeyRow, owner: IdentityRow | undefined): Told => ({
  id: row.id,
  name: row.name,
  status: row.status,
  aaguid: row.aaguid,
  model: row.attested_model ?? modelOf(row.aaguid).name,
  attestation: row.attestation,
  deviceBound: row.device_bound,
  backedUp: row.backed_up,
  userVerified: row.user_verified,
  transports: row.transports,
  algorithm: row.algorithm,
  relyingPartyId: row.relying_party_id,
  identityId: row.identity_id,
  username: owner?.username ?? null,
  displayName: owner?.display_name ?? null,
  createdAt: row.created_at.toISOString(),
  createdIp: row.created_ip,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
  lastUsedIp: row.last_used_ip,
  revokedAt: row.revoked_at?.toISOString() ?? null,
});

const csvLine = (of: Told): string =>
  `${COLUMNS.map((name) => {
    const value = of[name];
    return csvCell(Array.isArray(value) ? value.join(';') : value);
  }).join(',')}\r\n`;

const ndjsonLine = (of: Told): string =>
  `${JSON.stringify(Object.fromEntries(Object.entries(of).filter(([, value]) => value !== null)))}\n`;
