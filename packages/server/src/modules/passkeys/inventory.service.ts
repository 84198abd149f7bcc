import type { Db } from '../../kernel/command.js';
import { type RealmCtx, requireScope } from '../../kernel/context.js';
import { invalid } from '../../kernel/errors.js';
import { isId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageOf, sliceOf } from '../../kernel/page.js';
import {
  type CredentialFilter,
  type CredentialOrder,
  CURSOR_LENGTH,
  countByModel,
  type ModelCount,
  selectInventory,
} from './inventory.queries.js';
import type { PasskeyRow } from './passkeys.queries.js';

export type { CredentialFilter, CredentialOrder, ModelCount } from './inventory.queries.js';

/** A stranger can claim any model, so that there can be as many as passkeys. */
const MOST_MODELS = 200;

export type InventoryService = ReturnType<typeof createInventoryService>;

/** What passkeys a realm has: for finding the few that matter among very many. */
export function createInventoryService({ db }: { db: Db }) {
  return {
    /**
     * @param order CREATED_AT_DESC unless said
     * @throws DomainError INVALID_INPUT for what is no id
     */
    async list(
      ctx: RealmCtx,
      filter: CredentialFilter,
      order: CredentialOrder | undefined,
      args: PageArgs,
    ): Promise<Page<PasskeyRow>> {
      requireScope(ctx, 'credentials:read');
      for (const name of ['aaguid', 'identityId'] as const)
        if (filter[name] !== undefined && !isId(filter[name]))
          throw invalid('This is not an id.', 'filter', name);
      // Who searches by a person's name learns whose name it is.
      if (filter.query !== undefined) requireScope(ctx, 'identities:read');
      const slice = sliceOf(args, CURSOR_LENGTH);
      const rows = await selectInventory(db, ctx.realm.id, slice, filter, order ?? 'CREATED_AT_DESC');
      return pageOf(
        slice,
        rows,
        ({ row }) => row,
        ({ position }) => position,
      );
    },

    /** The 200 most frequent models, the most frequent first. */
    async models(ctx: RealmCtx): Promise<ModelCount[]> {
      requireScope(ctx, 'credentials:read');
      return countByModel(db, ctx.realm.id, MOST_MODELS);
    },
  };
}
