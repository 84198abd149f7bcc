import type { Actor, Reach, RealmCtx, RealmRef } from '../../kernel/context.js';
import { newId } from '../../kernel/ids.js';
import type { Scope } from '../../kernel/permissions.js';

/** Who started a pass over the lines of an import, and what they held then. */
export interface Starter {
  readonly actor: Actor;
  readonly grants: readonly (readonly [Scope, 'ALL' | readonly string[]])[];
}

const USED: readonly Scope[] = ['identities:create', 'identities:read', 'identities:update', 'groups:update'];

/**
 * What a pass may use of what its starter holds: in an ordinary realm the scopes that lines need, there alone. In the
 * Admin Realm power is compared, so there all of it is known; still nothing but lines is ever done with it.
 */
export function starterOf(ctx: RealmCtx): Starter {
  const all = [...ctx.grants].map(([scope, reach]) => [scope, reach === 'ALL' ? reach : [...reach]] as const);
  if (ctx.realm.kind === 'ADMIN') return { actor: ctx.actor, grants: all };
  const here = all.filter(
    ([scope, reach]) => USED.includes(scope) && (reach === 'ALL' || reach.includes(ctx.realm.id)),
  );
  return { actor: ctx.actor, grants: here.map(([scope]) => [scope, [ctx.realm.id]] as const) };
}

/** The context in which lines are done, in the starter's name. */
export function contextOf(
  realm: RealmRef,
  of: { readonly correlation_id: string; readonly dry_run: boolean },
  { actor, grants }: Starter,
): RealmCtx {
  const reached = grants.map(([scope, reach]): [Scope, Reach] => [
    scope,
    reach === 'ALL' ? reach : new Set(reach),
  ]);
  return {
    requestId: newId(),
    correlationId: of.correlation_id,
    ip: null,
    userAgent: null,
    actor,
    tenantId: realm.tenantId,
    grants: new Map(reached),
    realm,
    dryRun: of.dry_run,
  };
}
