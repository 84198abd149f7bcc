import type { Db } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, pagesOfMany, sliceOf } from '../../kernel/page.js';
import type { BindingJobRow } from './binding-jobs.queries.js';
import * as queries from './binding-jobs.queries.js';

/** Binding jobs as administrators look at them. */
export function createBindingJobLists(db: Db) {
  return {
    async find(ctx: RealmCtx, jobId: string): Promise<BindingJobRow | undefined> {
      requireScope(ctx, 'credential-binding-jobs:read');
      return isId(jobId) ? queries.selectJob(db, ctx.realm.id, jobId) : undefined;
    },

    findMany: (ctx: RealmCtx, ids: readonly string[]): Promise<BindingJobRow[]> => {
      requireScope(ctx, 'credential-binding-jobs:read');
      return queries.selectJobsById(db, ctx.realm.id, ids);
    },

    async list(
      ctx: RealmCtx,
      filter: { identityId?: string; batchId?: string },
      args: PageArgs,
    ): Promise<Page<BindingJobRow>> {
      requireScope(ctx, 'credential-binding-jobs:read');
      const slice = sliceOf(args);
      const rows = await queries.selectJobs(db, ctx.realm.id, slice, filter);
      return pageById(slice, rows);
    },

    /** @returns a page for each identity, in the order asked */
    async ofMany(
      ctx: RealmCtx,
      identityIds: readonly string[],
      args: PageArgs,
    ): Promise<Page<BindingJobRow>[]> {
      requireScope(ctx, 'credential-binding-jobs:read');
      const slice = sliceOf(args);
      const rows = await queries.selectJobsOfMany(db, ctx.realm.id, identityIds, slice);
      return pagesOfMany(slice, identityIds, rows, (row) => row.identity_id);
    },
  };
}
