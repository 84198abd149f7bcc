import { DomainError, forbidden } from './errors.js';
import { isScope, type Scope } from './permissions.js';

/** Who acts, with the name as it is now: events keep it that way. */
export type Actor =
  | {
      readonly kind: 'IDENTITY';
      readonly id: string;
      readonly realmId: string;
      readonly displayName: string;
      readonly username: string;
    }
  | {
      readonly kind: 'APPLICATION';
      readonly id: string;
      readonly realmId: string;
      readonly displayName: string;
      /** The name of the API token, where it used one: that stays when the token is rotated. */
      readonly credentialName?: string;
    }
  | { readonly kind: 'ANONYMOUS' }
  | { readonly kind: 'SYSTEM'; readonly displayName: string };

export const actorName = (actor: Actor): string =>
  actor.kind === 'ANONYMOUS' ? 'Anonymous' : actor.displayName;

/** Facts of the request that events keep. One correlation id names a whole flow, one request id a single call. */
export interface RequestFacts {
  readonly requestId: string;
  readonly correlationId: string;
  readonly ip: string | null;
  readonly userAgent: string | null;
}

export interface RealmRef {
  readonly id: string;
  readonly tenantId: string;
  readonly kind: 'ADMIN' | 'ORDINARY';
  readonly displayName: string;
}

/** Where a scope holds: in every realm of the tenant, or only in those that the role assignment names. */
export type Reach = 'ALL' | ReadonlySet<string>;

/** What every service function takes first: who acts, with what, from where. */
export interface Ctx extends RequestFacts {
  readonly actor: Actor;
  /** The tenant that the caller administers; null where nobody is known yet. */
  readonly tenantId: string | null;
  readonly grants: ReadonlyMap<Scope, Reach>;
}

/** A context inside one realm. Only `realms.enter` and the realm's own addresses make one. */
export interface RealmCtx extends Ctx {
  readonly realm: RealmRef;
  /** Commands do everything and then take it back: the caller learns what would have happened. */
  readonly dryRun?: boolean;
  /** Set for who provisions over SCIM. */
  readonly provisioning?: ProvisioningClient;
}

/** An identity provider that keeps a directory up to date, and what it may touch. */
export interface ProvisioningClient {
  readonly clientId: string;
  /** Whether it may take over what people made. What another client made is never its own. */
  readonly adopts: boolean;
}

/** Whether the caller holds the scope in this realm. */
export function holds(ctx: RealmCtx, scope: Scope): boolean {
  const reach = ctx.grants.get(scope);
  return reach !== undefined && (reach === 'ALL' || reach.has(ctx.realm.id));
}

/** Whether the caller holds a scope at least as far as it reaches elsewhere; null reaches the whole tenant. */
export function covers(ctx: Ctx, scope: string, realmIds: readonly string[] | null): boolean {
  const own = isScope(scope) ? ctx.grants.get(scope) : undefined;
  if (own === undefined || own === 'ALL') return own === 'ALL';
  return realmIds?.every((realmId) => own.has(realmId)) ?? false;
}

/** @throws DomainError UNAUTHENTICATED, or FORBIDDEN naming the scope that is missing. */
export function requireScope(ctx: RealmCtx, scope: Scope): void {
  if (holds(ctx, scope)) return;
  if (ctx.actor.kind === 'ANONYMOUS')
    throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in to do this.');
  throw forbidden(`This needs the scope ${scope}.`);
}

/** A context that holds nothing: for a realm's own addresses, the first start and the command line. */
export function bareContext(facts: RequestFacts, actor: Actor, realm: RealmRef): RealmCtx {
  return { ...facts, actor, tenantId: realm.tenantId, grants: new Map(), realm };
}

/**
 * Who acts in their own name, in this realm.
 * @throws DomainError UNAUTHENTICATED
 */
export function selfOf(ctx: RealmCtx): string {
  const { actor, realm } = ctx;
  if (actor.kind === 'IDENTITY' && actor.realmId === realm.id) return actor.id;
  throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in to do this.');
}
