import { z } from 'zod';
import { WARNED_DAYS } from '../../database/expiring.js';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { bareContext, type RealmCtx, requireScope } from '../../kernel/context.js';
import { notFound } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import { anyone } from '../../kernel/permissions.js';
import { id } from '../../kernel/text.js';
import type { RealmsService } from '../realms/realms.service.js';
import * as queries from './api-tokens.queries.js';
import type { ApiTokenRow } from './tokens.queries.js';

export type { ApiTokenRow } from './tokens.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  realms: Pick<RealmsService, 'find'>;
}

const many = z
  .object({ applicationId: id.nullish(), createdById: id.nullish() })
  .refine((value) => (value.applicationId == null) !== (value.createdById == null), {
    error: 'Name the application, or who made them.',
    path: ['applicationId'],
  });

export type ApiTokensService = ReturnType<typeof createApiTokensService>;

/** What became of the API tokens that were minted: they are in the Admin Realm, and no other realm has any. */
export function createApiTokensService({ db, command, realms }: Deps) {
  const revoked = (work: Work, rows: readonly ApiTokenRow[]): void => {
    for (const row of rows) work.record('api_token.revoked', { name: row.name }, { subject: subjectOf(row) });
    if (rows.length === 0) work.unchanged();
  };

  const warn = command({
    name: 'apiTokens.warn',
    scope: anyone,
    input: z.custom<Date>(),
    body: async (work, at): Promise<void> => {
      work.unchanged();
      for (const days of WARNED_DAYS)
        for (const row of await queries.markWarned(work.tx, work.ctx.realm.id, days, at))
          work.record(
            'api_token.expiring',
            { name: row.name, expiresAt: row.expires_at.toISOString(), days },
            { subject: subjectOf(row) },
          );
    },
  });

  return {
    /** The newest first. */
    async list(ctx: RealmCtx, filter: queries.ApiTokenFilter, args: PageArgs): Promise<Page<ApiTokenRow>> {
      requireScope(ctx, 'tokens:read');
      const slice = sliceOf(args);
      const named = [filter.applicationId, filter.createdById];
      if (named.some((value) => value !== undefined && !isId(value))) return pageById(slice, []);
      return pageById(slice, await queries.selectApiTokens(db, ctx.realm.id, slice, filter, now()));
    },

    /** One that is over already stays as it is. */
    revoke: command({
      name: 'apiTokens.revoke',
      scope: 'tokens:revoke',
      input: z.object({ apiTokenId: id }),
      body: async (work, input): Promise<ApiTokenRow> => {
        const realmId = work.ctx.realm.id;
        revoked(work, await queries.revokeApiTokens(work.tx, realmId, { id: input.apiTokenId }, now()));
        const row = await queries.selectApiToken(work.tx, realmId, input.apiTokenId);
        if (!row) throw notFound('API token');
        return row;
      },
    }),

    /** All of an application, or all that one identity or application made. @returns how many were live */
    revokeAll: command({
      name: 'apiTokens.revokeAll',
      scope: 'tokens:revoke',
      input: many,
      body: async (work, { applicationId, createdById }): Promise<number> => {
        const which =
          applicationId != null ? { applicationId } : { ...(createdById != null ? { createdById } : {}) };
        const rows = await queries.revokeApiTokens(work.tx, work.ctx.realm.id, which, now());
        revoked(work, rows);
        return rows.length;
      },
    }),

    /** Warns 14, 7 and 1 days before a token ends, of each once, on any number of nodes. */
    async sweep(): Promise<void> {
      const at = now();
      for (const realmId of await queries.selectRealmsToWarn(db, at)) {
        const realm = await realms.find(realmId);
        if (!realm) continue;
        const facts = { requestId: newId(), correlationId: newId(), ip: null, userAgent: null };
        await warn(bareContext(facts, { kind: 'SYSTEM', displayName: 'Housekeeping' }, realm), at);
      }
    },
  };
}

const subjectOf = (row: ApiTokenRow) => ({ kind: 'API_TOKEN' as const, id: row.id, name: row.name });
