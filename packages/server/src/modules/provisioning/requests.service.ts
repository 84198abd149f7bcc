import { now } from '../../kernel/clock.js';
import type { Db } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import type { ProvisioningRequest, RequestFilter } from './provisioning.types.js';
import { redactPath, redactText } from './redaction.js';
import { createBuffer } from './request-buffer.js';
import { deleteBefore, insertRequests, type RequestRow, selectRequests } from './requests.queries.js';

export type { RequestRow } from './requests.queries.js';

const DAY = 86_400_000;
const KEPT_DAYS = 90;
/** The longest window of a brake. */
const DEPROVISIONS_KEPT_DAYS = 1;
const DELETED_AT_ONCE = 5000;
/** Requests of nobody that are kept a minute, of one realm and of all, so that a stranger can't fill the table. */
const STRANGERS = { ofRealm: 60, ofAll: 600 };

export interface StoredRequest {
  readonly entry: ProvisioningRequest;
  readonly id: string;
  readonly at: Date;
}

/** The request log of every realm's SCIM server. */
export function createRequestLog({ db }: { db: Db }) {
  let failed: (error: unknown) => void = () => undefined;
  const strangers = createStrangers();
  const buffer = createBuffer<StoredRequest>({
    write: (batch) => insertRequests(db, batch.map(toRow)),
    everyMs: 200,
    batch: 200,
    most: 20_000,
    failed: (error) => failed(error),
  });

  return {
    /** Takes no time: it is written a moment later, with others. What may not be kept is taken out before. */
    log(entry: ProvisioningRequest): void {
      if (!isId(entry.realmId)) return;
      const at = now();
      if (entry.clientId === null && !strangers.admit(entry.realmId, at)) return;
      buffer.add({ entry, id: newId(), at });
    },

    /** Who hears of requests that could not be written down. */
    onLogFailure(listener: (error: unknown) => void): void {
      failed = listener;
    },

    /** Writes down what still waits. */
    close: () => buffer.close(),

    /** Newest first. */
    async requests(ctx: RealmCtx, filter: RequestFilter, args: PageArgs): Promise<Page<RequestRow>> {
      requireScope(ctx, 'events:read');
      const slice = sliceOf(args);
      return pageById(slice, await selectRequests(db, ctx.realm.id, slice, filter));
    },

    /** Deletes what is older than 90 days, a bounded number of rows at a time. */
    async purge(): Promise<void> {
      const before = (days: number) => new Date(now().getTime() - days * DAY);
      for (const [table, days] of [
        ['provisioning_requests', KEPT_DAYS],
        ['provisioning_deprovisions', DEPROVISIONS_KEPT_DAYS],
      ] as const)
        while ((await deleteBefore(db, table, before(days), DELETED_AT_ONCE)) === DELETED_AT_ONCE);
    },
  };
}

function toRow({ entry, id, at }: StoredRequest): RequestRow {
  const { path, removed } = redactPath(entry.path);
  const text = (value: string | undefined, most: number) =>
    value === undefined ? null : redactText(value, removed, most);
  const { resource } = entry;
  return {
    realm_id: entry.realmId,
    id,
    client_id: entry.clientId,
    occurred_at: at,
    request_id: text(entry.requestId, 100) ?? '',
    method: /^[A-Z]{1,10}$/.test(entry.method) ? entry.method : '?',
    path,
    status: entry.status,
    scim_type: entry.scimType !== undefined && /^[a-z]{1,40}$/i.test(entry.scimType) ? entry.scimType : null,
    detail: text(entry.detail, 500),
    duration_ms: entry.durationMs,
    effect: text(entry.effect, 500),
    dry_run: entry.dryRun,
    resource_kind: resource && /^[a-z]{1,40}$/i.test(resource.kind) ? resource.kind : null,
    resource_id: resource && isId(resource.id) ? resource.id : null,
  };
}

function createStrangers() {
  let minute = 0;
  let all = 0;
  const ofRealm = new Map<string, number>();
  return {
    admit(realmId: string, at: Date): boolean {
      const current = Math.floor(at.getTime() / 60_000);
      if (current !== minute) {
        minute = current;
        all = 0;
        ofRealm.clear();
      }
      const known = ofRealm.get(realmId) ?? 0;
      if (all >= STRANGERS.ofAll || known >= STRANGERS.ofRealm) return false;
      all += 1;
      ofRealm.set(realmId, known + 1);
      return true;
    },
  };
}
