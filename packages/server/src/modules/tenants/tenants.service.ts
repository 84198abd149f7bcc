import { z } from 'zod';
import { type Db, openWork, parseInput, type Runner, type Work } from '../../kernel/command.js';
import {
  type Actor,
  bareContext,
  type Ctx,
  type RealmCtx,
  type RealmRef,
  type RequestFacts,
} from '../../kernel/context.js';
import { DomainError, notFound } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { ALL_SCOPES, MANAGEMENT_AUDIENCE, MANAGEMENT_SCOPES } from '../../kernel/permissions.js';
import { line } from '../../kernel/text.js';
import type { ApplicationsService } from '../applications/applications.service.js';
import type { GroupsService } from '../groups/groups.service.js';
import type { IdentitiesService } from '../identities/identities.service.js';
import { NEW_PROFILE, withEmail } from '../identities/identities.types.js';
import type { PoliciesService } from '../policies/policies.service.js';
import { type RealmsService, refOf } from '../realms/realms.service.js';
import type { ResourceServersService } from '../resource-servers/resource-servers.service.js';
import type { RolesService } from '../roles/roles.service.js';
import {
  insertTenant,
  lockFirstStart,
  selectOnlyTenant,
  selectTenant,
  type TenantRow,
} from './tenants.queries.js';

export type { TenantRow } from './tenants.queries.js';

interface Deps {
  db: Db;
  command: Runner;
  publicUrl: string;
  realms: RealmsService;
  resourceServers: ResourceServersService;
  roles: RolesService;
  applications: ApplicationsService;
  groups: GroupsService;
  identities: IdentitiesService;
  policies: PoliciesService;
  bindingJobs: {
    createFor(
      work: Work,
      input: { identityId: string; redirectUri: string | null; expiresInSeconds?: number },
    ): Promise<{ link: string; job: { expires_at: Date } }>;
  };
}

export interface CreatedTenant {
  readonly tenantId: string;
  readonly adminRealmId: string;
  readonly consoleUrl: string;
  /** Works once, for the first administrator's passkey. */
  readonly bindingLink: string;
  readonly managementApi: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly tokenEndpoint: string;
  };
}

const input = z.object({ name: line(200), adminEmail: z.email('This is not an e-mail address.').max(320) });
const SYSTEM: Actor = { kind: 'SYSTEM', displayName: 'Keyrealm' };
const NINETY_DAYS = 7_776_000;

export function createTenantsService(deps: Deps) {
  const { db } = deps;
  const consoleUrl = (tenantId: string) => `${deps.publicUrl}/console/?tenant=${tenantId}`;

  /** The managed objects of a new Admin Realm: what the console and the Management API stand on. */
  async function furnish(work: Work) {
    const server = await deps.resourceServers.createIn(work, {
      displayName: 'Keyrealm Management API',
      identifier: MANAGEMENT_AUDIENCE,
      managed: 'MANAGEMENT_API',
      scopes: ALL_SCOPES.map((name) => ({ name, description: MANAGEMENT_SCOPES[name] })),
    });
    const common = {
      postLogoutRedirectUris: [],
      resourceServerId: server.id,
      allowedScopes: [...ALL_SCOPES],
      subject: 'ID' as const,
      refreshTokenLifetime: 50_400,
    };
    const consoleApp = await deps.applications.createIn(
      work,
      {
        ...common,
        displayName: 'Admin Console',
        type: 'PUBLIC',
        grantTypes: ['authorization_code', 'refresh_token'],
        redirectUris: [`${deps.publicUrl}/console/callback`],
        postLogoutRedirectUris: [`${deps.publicUrl}/console/`],
        accessTokenLifetime: 900,
      },
      'ADMIN_CONSOLE',
    );
    const api = await deps.applications.createIn(
      work,
      {
        ...common,
        displayName: 'Management API',
        type: 'CONFIDENTIAL',
        grantTypes: ['client_credentials'],
        redirectUris: [],
        accessTokenLifetime: NINETY_DAYS,
      },
      'MANAGEMENT_API',
    );
    const role = await deps.roles.createPredefined(work, server.id);
    const group = await deps.groups.createIn(work, {
      displayName: 'Admin Console Access',
      description: 'Members sign in to the Admin Console',
      managed: 'ADMIN_CONSOLE_ACCESS',
    });
    await deps.roles.assignToGroup(work, role, group);
    const policy = deps.policies.consolePolicy(consoleApp.application.id, group.id);
    await deps.policies.createInitial(work.tx, work.ctx.realm.id, policy);
    return { api, group };
  }

  async function createIn(work: Work, tenant: TenantRow, adminEmail: string): Promise<CreatedTenant> {
    const realmId = work.ctx.realm.id;
    work.record(
      'tenant.created',
      { displayName: tenant.display_name },
      { subject: { kind: 'TENANT', id: tenant.id, name: tenant.display_name } },
    );
    const { api, group } = await furnish(work);
    const admin = await deps.identities.createIn(work, {
      ...NEW_PROFILE,
      username: adminEmail,
      displayName: 'Administrator',
      emails: withEmail([], adminEmail),
    });
    await deps.groups.addIn(work, group, [admin.id]);
    const { link } = await deps.bindingJobs.createFor(work, {
      identityId: admin.id,
      redirectUri: consoleUrl(tenant.id),
    });
    if (api.secret === null) throw new Error('the Management API application got no secret');
    return {
      tenantId: tenant.id,
      adminRealmId: realmId,
      consoleUrl: consoleUrl(tenant.id),
      bindingLink: link,
      managementApi: {
        clientId: api.application.id,
        clientSecret: api.secret,
        tokenEndpoint: `${deps.publicUrl}/realms/${realmId}/token`,
      },
    };
  }

  async function createInside(
    tx: Work['tx'],
    facts: RequestFacts,
    wanted: z.infer<typeof input>,
  ): Promise<CreatedTenant> {
    const tenant = await insertTenant(tx, newId(), wanted.name);
    const before: RealmRef = { id: tenant.id, tenantId: tenant.id, kind: 'ADMIN', displayName: wanted.name };
    const draft = openWork(bareContext(facts, SYSTEM, before), tx);
    const realm = await deps.realms.createIn(draft.work, tenant.id, 'ADMIN', `${wanted.name} administration`);
    const { work, flush } = openWork(bareContext(facts, SYSTEM, refOf(realm)), tx);
    const created = await createIn(work, tenant, wanted.adminEmail);
    await flush();
    return created;
  }

  return {
    consoleUrl,

    /** A tenant with everything that one is made with, in one transaction. */
    async create(facts: RequestFacts, raw: unknown): Promise<CreatedTenant> {
      const wanted = parseInput(input, raw);
      return db.transaction().execute((tx) => createInside(tx, facts, wanted));
    },

    /** @returns undefined when there is a tenant already: a second start changes nothing */
    async createFirst(facts: RequestFacts, raw: unknown): Promise<CreatedTenant | undefined> {
      const wanted = parseInput(input, raw);
      return db.transaction().execute(async (tx) => {
        await lockFirstStart(tx);
        const { any } = await selectOnlyTenant(tx);
        return any ? undefined : createInside(tx, facts, wanted);
      });
    },

    /** For the console's sign-in: which tenant, when the browser named one or there is only one. Public. */
    async forConsole(
      tenantId: string | undefined,
    ): Promise<{ tenant: TenantRow; realmId: string; clientId: string } | undefined> {
      const tenant =
        tenantId === undefined
          ? (await selectOnlyTenant(db)).tenant
          : isId(tenantId) && (await selectTenant(db, tenantId));
      if (!tenant) return undefined;
      const realm = await deps.realms.adminRealmOf(tenant.id);
      const app = realm && (await deps.applications.findManaged(db, realm.id, 'ADMIN_CONSOLE'));
      return realm && app ? { tenant, realmId: realm.id, clientId: app.id } : undefined;
    },

    /** The operator at the server's own machine, inside the tenant's Admin Realm, with everything. */
    async operatorContext(facts: RequestFacts, actor: Actor, tenantId: string): Promise<RealmCtx> {
      const row = isId(tenantId) ? await deps.realms.adminRealmOf(tenantId) : undefined;
      if (!row) throw notFound('tenant');
      const grants = new Map(ALL_SCOPES.map((scope) => [scope, 'ALL' as const]));
      return { ...facts, actor, tenantId, grants, realm: refOf(row) };
    },

    /** Gives an administrator who is locked out a time-boxed link in: activated, in the access group, with a new link. */
    recover: deps.command({
      name: 'tenants.recover',
      scope: 'credential-binding-jobs:create',
      input: z.object({ username: line(256), expiresInSeconds: z.number().int().min(60).max(86_400) }),
      body: async (work, wanted) => {
        const realmId = work.ctx.realm.id;
        const found = await deps.identities.findByUsername(work.tx, realmId, wanted.username);
        if (!found) throw notFound('administrator');
        const did: string[] = [];
        if (await deps.identities.reactivate(work, found.id)) did.push('The identity was activated.');
        if (await deps.groups.addToManaged(work, 'ADMIN_CONSOLE_ACCESS', found.id))
          did.push('It was added to the group Admin Console Access.');
        const { link, job } = await deps.bindingJobs.createFor(work, {
          identityId: found.id,
          redirectUri: consoleUrl(work.ctx.realm.tenantId),
          expiresInSeconds: wanted.expiresInSeconds,
        });
        did.push('A binding link was made.');
        work.record(
          'administrator.recovered',
          { username: found.username, did },
          { subject: { kind: 'IDENTITY', id: found.id, name: found.display_name } },
        );
        return { bindingLink: link, expiresAt: job.expires_at.toISOString(), did };
      },
    }),

    /** The caller's own tenant, as far as every signed-in caller may know it. */
    async get(ctx: Ctx): Promise<TenantRow> {
      if (ctx.tenantId === null)
        throw new DomainError('unauthenticated', 'UNAUTHENTICATED', 'Sign in to do this.');
      const row = await selectTenant(db, ctx.tenantId);
      if (!row) throw notFound('tenant');
      return row;
    },
  };
}
