import type { Done, Listed, Query, ScimGroups, ScimUsers, Stored } from './contract.js';
import { ScimError } from './errors.js';
import { asReplacement, parseGroup, parseGroupPatch } from './group-change.js';
import { type ListRequest, listResponse, toQuery, wrongCursor } from './listing.js';
import { parsePatch } from './operations.js';
import { applyPatch } from './patch.js';
import { isSent, type Projection, project } from './projection.js';
import { etagOf, locationOf, parseResource, relatedName, render } from './resource.js';
import { GROUP, PLAIN_USER, userType } from './resource-types.js';
import type { ResourceType } from './schema.js';

/** One kind of resource of one realm, as one caller sees it. */
export interface Endpoint {
  readonly type: ResourceType;
  create(body: unknown, projection: Projection): Promise<Answer>;
  find(id: string, projection: Projection): Promise<Answer>;
  list(asked: ListRequest): Promise<ListAnswer>;
  replace(id: string, body: unknown, projection: Projection, ifVersion: number | undefined): Promise<Answer>;
  patch(id: string, body: unknown, projection: Projection, ifVersion: number | undefined): Promise<Answer>;
  remove(id: string, ifVersion: number | undefined): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly id: string;
  readonly etag: string | undefined;
  readonly location: string;
  readonly body: Record<string, unknown> | undefined;
  /** What was changed, in words. */
  readonly effect: string | undefined;
}

export interface ListAnswer {
  readonly totalResults: number;
  readonly body: Record<string, unknown>;
}

/** What differs between users and groups. */
interface Kind {
  readonly type: ResourceType;
  create(body: unknown, related: boolean): Promise<Done>;
  find(id: string, related: boolean): Promise<Stored | undefined>;
  list(query: Query): Promise<Listed>;
  replace(id: string, body: unknown, options: Options): Promise<Done>;
  patch(id: string, body: unknown, options: Options): Promise<Done>;
  remove(id: string, ifVersion: number | undefined): Promise<string>;
  /** Whether a PATCH is answered without a body unless attributes are asked for. */
  readonly quiet: boolean;
}

interface Options {
  readonly ifVersion: number | undefined;
  readonly related: boolean;
}

/** @param declared whether attributes that the realm declares are meant: no need to know them otherwise */
export async function usersEndpoint<Caller>(
  users: ScimUsers<Caller>,
  caller: Caller,
  base: string,
  declared: boolean,
): Promise<Endpoint> {
  const type = declared ? userType(await users.custom(caller)) : PLAIN_USER;
  return endpointOf(base, {
    type,
    quiet: false,
    create: (body) => users.create(caller, parseResource(type, body)),
    find: (id, related) => users.find(caller, id, related),
    list: (query) => users.list(caller, query),
    replace: (id, body, options) =>
      users.change(caller, id, (current) => parseResource(type, body, current), options),
    patch: (id, body, options) => {
      const operations = parsePatch(body);
      return users.change(caller, id, (current) => applyPatch(type, current, id, operations), options);
    },
    remove: (id, ifVersion) => users.remove(caller, id, ifVersion),
  });
}

/** Entra takes a PATCH of a group for done without a body, and would read members that it did not ask for. */
export const groupsEndpoint = <Caller>(groups: ScimGroups<Caller>, caller: Caller, base: string): Endpoint =>
  endpointOf(base, {
    type: GROUP,
    quiet: true,
    create: (body, related) => groups.create(caller, parseGroup(body), related),
    find: (id, related) => groups.find(caller, id, related),
    list: (query) => groups.list(caller, query),
    replace: (id, body, options) => groups.change(caller, id, asReplacement(parseGroup(body)), options),
    patch: (id, body, options) => groups.change(caller, id, parseGroupPatch(id, parsePatch(body)), options),
    remove: (id, ifVersion) => groups.remove(caller, id, ifVersion),
  });

function endpointOf(base: string, kind: Kind): Endpoint {
  const { type } = kind;
  const sent = (stored: Stored, projection: Projection) =>
    project(type, render(type, stored, base), projection);
  const related = (projection: Projection) => isSent(type, relatedName(type), projection);
  const answer = (stored: Stored, more: Pick<Answer, 'status' | 'body' | 'effect'>): Answer => ({
    id: stored.id,
    etag: etagOf(stored),
    location: locationOf(type, base, stored.id),
    ...more,
  });

  return {
    type,

    async create(body, projection) {
      const { stored, effect } = await kind.create(body, related(projection));
      return answer(stored, { status: 201, body: sent(stored, projection), effect });
    },

    async find(id, projection) {
      const stored = await kind.find(id, related(projection));
      if (!stored) throw new ScimError(404, `There is no such ${type.name.toLowerCase()}.`);
      return answer(stored, { status: 200, body: sent(stored, projection), effect: undefined });
    },

    async list(asked) {
      const query = { ...toQuery(type, asked), related: related(asked) };
      const listed = await kind.list(query).catch((error: unknown) => {
        throw asked.cursor && isUnreadable(error) ? wrongCursor() : error;
      });
      const resources = listed.items.map((stored) => sent(stored, asked));
      return { totalResults: listed.totalResults, body: listResponse(type, asked, listed, resources) };
    },

    async replace(id, body, projection, ifVersion) {
      const options = { ifVersion, related: related(projection) };
      const { stored, effect } = await kind.replace(id, body, options);
      return answer(stored, { status: 200, body: sent(stored, projection), effect });
    },

    async patch(id, body, projection, ifVersion) {
      const quiet = kind.quiet && !projection.attributes;
      const { stored, effect } = await kind.patch(id, body, {
        ifVersion,
        related: !quiet && related(projection),
      });
      return answer(stored, {
        status: quiet ? 204 : 200,
        body: quiet ? undefined : sent(stored, projection),
        effect,
      });
    },

    async remove(id, ifVersion) {
      const effect = await kind.remove(id, ifVersion);
      return {
        status: 204,
        id,
        etag: undefined,
        location: locationOf(type, base, id),
        body: undefined,
        effect,
      };
    },
  };
}

/** A position that the database can't read (SQLSTATE class 22) was not ours. */
const isUnreadable = (error: unknown): boolean =>
  String(Reflect.get(Object(error), 'code') ?? '').startsWith('22');
