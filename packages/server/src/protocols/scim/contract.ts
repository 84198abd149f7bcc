import type { FastifyRequest } from 'fastify';
import type { Filter } from './filter.js';
import type { Attribute, ResolvedAttribute } from './schema.js';
import type { Resource } from './values.js';

/** A user or a group as the directory keeps it. */
export interface Stored {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Without what follows from elsewhere: groups of a user, members of a group. */
  readonly resource: Resource;
  /** Groups of a user or members of a group, where they were asked for. */
  readonly related?: readonly { readonly id: string; readonly display: string }[];
}

/** What a change came to. */
export interface Done {
  readonly stored: Stored;
  /** In words, with the names of attributes and never a value of one; undefined where nothing changed. */
  readonly effect: string | undefined;
}

export interface Sort {
  readonly target: ResolvedAttribute;
  readonly descending: boolean;
}

/** A part of a list: by index (RFC 7644, section 3.4.2.4), or from a cursor on (RFC 9865). */
export type Span =
  | { readonly offset: number; readonly limit: number }
  | { readonly after: readonly (string | null)[] | undefined; readonly limit: number };

export interface Query {
  readonly filter: Filter | undefined;
  readonly sort: Sort | undefined;
  readonly span: Span;
  /** Whether groups of users or members of groups will be sent. */
  readonly related: boolean;
}

export interface Listed {
  readonly items: readonly Stored[];
  readonly totalResults: number;
  /** From where the next page goes on; undefined at the end. */
  readonly next: readonly (string | null)[] | undefined;
}

/** What the server needs of a directory of users; `Caller` is whatever the edge knows the caller by. */
export interface ScimUsers<Caller> {
  /** The attributes that the realm declares by itself. */
  custom(caller: Caller): Promise<readonly Attribute[]>;
  create(caller: Caller, user: Resource): Promise<Done>;
  find(caller: Caller, id: string, related: boolean): Promise<Stored | undefined>;
  list(caller: Caller, query: Query): Promise<Listed>;
  /** `change` runs on the locked row. */
  change(
    caller: Caller,
    id: string,
    change: (current: Resource) => Resource,
    options: { readonly ifVersion: number | undefined; readonly related: boolean },
  ): Promise<Done>;
  /** @returns the effect in words */
  remove(caller: Caller, id: string, ifVersion: number | undefined): Promise<string>;
}

export interface GroupProfile {
  readonly displayName: string;
  readonly externalId: string | null;
  /** Ids of users. */
  readonly members: readonly string[];
}

/** A step that is taken on the members, in order; the list itself is never read for it. */
export interface MemberStep {
  readonly kind: 'add' | 'remove' | 'replace';
  readonly ids: readonly string[];
}

export interface GroupChange {
  readonly displayName?: string;
  readonly externalId?: string | null;
  readonly members: readonly MemberStep[];
}

export interface ScimGroups<Caller> {
  create(caller: Caller, group: GroupProfile, related: boolean): Promise<Done>;
  find(caller: Caller, id: string, related: boolean): Promise<Stored | undefined>;
  list(caller: Caller, query: Query): Promise<Listed>;
  change(
    caller: Caller,
    id: string,
    change: GroupChange,
    options: { readonly ifVersion: number | undefined; readonly related: boolean },
  ): Promise<Done>;
  /** @returns the effect in words */
  remove(caller: Caller, id: string, ifVersion: number | undefined): Promise<string>;
}

/** What became of a request, for the log of the realm. */
export interface Observed {
  readonly method: string;
  /** The path and query as the client sent them. */
  readonly url: string;
  readonly status: number;
  readonly scimType: string | undefined;
  readonly detail: string | undefined;
  readonly effect: string | undefined;
  readonly resource: { readonly kind: 'User' | 'Group'; readonly id: string } | undefined;
  readonly durationMs: number;
  readonly requestId: string;
}

export interface ScimOptions<Caller> {
  readonly users: ScimUsers<Caller>;
  readonly groups: ScimGroups<Caller>;
  /** @throws DomainError for who may not provision this realm */
  readonly authenticate: (request: FastifyRequest, realmId: string) => Promise<Caller>;
  /** The public address of a realm's SCIM server, without a slash at the end; never made from the request. */
  readonly baseOf: (realmId: string) => string;
  /** The user that the caller is, where the caller is a person of this realm (RFC 7644, section 3.11). */
  readonly meOf: (caller: Caller) => string | undefined;
  readonly observe: (realmId: string, caller: Caller | undefined, observed: Observed) => void;
}
