import { z } from 'zod';
import { id, ifVersion, line } from '../../kernel/text.js';

const scopes = z
  .array(z.string().max(128))
  .max(500, 'At most 500 scopes.')
  .transform((names) => [...new Set(names)].sort());

export const createInput = z.object({
  resourceServerId: id,
  displayName: line(200),
  description: line(1000).nullish(),
  scopes,
});

export const updateInput = z.object({
  roleId: id,
  ifVersion,
  displayName: line(200).optional(),
  description: line(1000).nullish(),
  scopes: scopes.optional(),
});

export const deleteInput = z.object({ roleId: id, ifVersion, cascade: z.boolean().nullish() });

const ids = z.array(z.string().max(64)).max(1000, 'At most 1,000 at a time.').default([]);

export const holdersInput = z
  .object({ roleId: id, identityIds: ids, groupIds: ids })
  .refine(({ identityIds, groupIds }) => identityIds.length + groupIds.length > 0, 'Name at least one.')
  .refine(
    ({ identityIds, groupIds }) => identityIds.length + groupIds.length <= 1000,
    'At most 1,000 at a time.',
  );

export const assignInput = holdersInput.safeExtend({
  /** Of the Management API alone; null is the whole tenant. */
  reachesRealmIds: z.array(id).min(1, 'Name at least one realm.').max(1000).nullish(),
});

export type HolderKind = 'IDENTITY' | 'GROUP';

/** What became of one id that was named. */
export interface HolderResult {
  readonly kind: HolderKind;
  readonly id: string;
  /** Whether it was another way before. */
  readonly changed: boolean;
  readonly missing: boolean;
}

/** A scope that an identity holds, and every way in which it came to it. */
export interface HeldScope {
  readonly scope: string;
  /** Null is the whole tenant; of scopes of other resource servers always null. */
  readonly reachesRealmIds: readonly string[] | null;
  readonly through: readonly {
    readonly roleId: string;
    readonly roleName: string;
    /** Null: given to the identity itself. */
    readonly groupId: string | null;
    readonly groupName: string | null;
    readonly reachesRealmIds: readonly string[] | null;
  }[];
}
