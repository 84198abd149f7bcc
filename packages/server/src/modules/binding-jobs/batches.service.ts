import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Work } from '../../kernel/command.js';
import { actorName, type RealmCtx, requireScope } from '../../kernel/context.js';
import { isId, newId } from '../../kernel/ids.js';
import { verbatim } from '../../kernel/text.js';
import {
  type BatchProgress,
  type BindingBatchRow,
  countBatch,
  insertBatch,
  selectBatch,
} from './batches.queries.js';

export type { BatchProgress, BindingBatchRow } from './batches.queries.js';

/** A paragraph of one's own in the mails of a batch: plain text. */
export const MAIL_MESSAGE = verbatim(1000, 'many');

export type BindingBatchesService = ReturnType<typeof createBindingBatchesService>;

/** Binding jobs that were asked for together, and how far they have come. */
export function createBindingBatchesService({ db, command }: { db: Db; command: Runner }) {
  return {
    /** For what makes its jobs by itself and tells of itself. @returns its id */
    async openFor(work: Work, message: string | null): Promise<string> {
      const row = await insertBatch(work.tx, {
        realm_id: work.ctx.realm.id,
        id: newId(),
        message,
        created_by_name: actorName(work.ctx.actor),
      });
      return row.id;
    },

    /** A batch without jobs; those that are made afterwards name it. */
    open: command({
      name: 'binding-batches.open',
      scope: 'credential-binding-jobs:create',
      input: z.object({ message: MAIL_MESSAGE.nullish(), size: z.number().int().min(1).max(1000) }),
      body: async (work, { message, size }): Promise<BindingBatchRow> => {
        const row = await insertBatch(work.tx, {
          realm_id: work.ctx.realm.id,
          id: newId(),
          message: message ?? null,
          created_by_name: actorName(work.ctx.actor),
        });
        work.record(
          'credential_binding_batch.created',
          { size },
          { subject: { kind: 'CREDENTIAL_BINDING_BATCH', id: row.id, name: 'Binding links' } },
        );
        return row;
      },
    }),

    async find(ctx: RealmCtx, batchId: string): Promise<BindingBatchRow | undefined> {
      requireScope(ctx, 'credential-binding-jobs:read');
      return isId(batchId) ? selectBatch(db, ctx.realm.id, batchId) : undefined;
    },

    async progress(ctx: RealmCtx, batchId: string): Promise<BatchProgress> {
      requireScope(ctx, 'credential-binding-jobs:read');
      return countBatch(db, ctx.realm.id, batchId, now());
    },
  };
}
