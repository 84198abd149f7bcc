import { z } from 'zod';
import { now } from '../../kernel/clock.js';
import type { Db, Runner, Tx, Work } from '../../kernel/command.js';
import { holds, type RealmCtx, requireScope } from '../../kernel/context.js';
import { DomainError, invalid, managedObject, notFound, versionMismatch } from '../../kernel/errors.js';
import { isId, newId } from '../../kernel/ids.js';
import { type Page, type PageArgs, pageById, sliceOf } from '../../kernel/page.js';
import { isScope } from '../../kernel/permissions.js';
import { id, ifVersion } from '../../kernel/text.js';
import type {
  AuthenticatorConfigRow,
  AuthenticatorConfigsService,
} from '../authenticator-configs/authenticator-configs.service.js';
import type { ResourceServersService } from '../resource-servers/resource-servers.service.js';
import * as queries from './applications.queries.js';
import {
  type ApplicationChange,
  type ApplicationInput,
  applicationChange,
  applicationInput,
} from './applications.types.js';

import { addSecret, applicationSubject, verifySecret } from './secrets.js';

export type { ApplicationRow } from './applications.queries.js';

type ApplicationRow = queries.ApplicationRow;

interface Deps {
  db: Db;
  command: Runner;
  resourceServers: ResourceServersService;
  authenticatorConfigs: AuthenticatorConfigsService;
}

export interface CreatedApplication {
  readonly application: ApplicationRow;
  /** Shown this once; null for a public application, and where who made it may not see secrets. */
  readonly secret: string | null;
}

const unknownConfig = () =>
  invalid('There is no such authenticator config in this realm.', 'authenticatorConfigId');

/** It was deleted meanwhile. */
const CONSTRAINTS = { applications_realm_id_authenticator_config_id_fkey: unknownConfig };

/** Who decides where its codes go, or whose page holds its ceremonies, has what it has. */
const TAKES_OVER = new Set(['allowedScopes', 'redirectUris', 'authenticatorConfigId']);

export type ApplicationsService = ReturnType<typeof createApplicationsService>;

export function createApplicationsService({ db, command, resourceServers, authenticatorConfigs }: Deps) {
  async function getIn(tx: Tx, realmId: string, applicationId: string): Promise<ApplicationRow> {
    const row = await queries.selectApplication(tx, realmId, applicationId);
    if (!row) throw notFound('application');
    return row;
  }

  async function lock(
    work: Work,
    applicationId: string,
    expected: number | null | undefined,
  ): Promise<ApplicationRow> {
    const row = await queries.lockApplication(work.tx, work.ctx.realm.id, applicationId);
    if (!row) throw notFound('application');
    if (row.managed !== null) throw managedObject('application');
    if (expected != null && expected !== row.version) throw versionMismatch('application');
    return row;
  }

  /** allowedScopes are a subset of the resource server's; scopes of the Management API also of the caller's own. */
  async function checkScopes(
    work: Work,
    resourceServerId: string | null | undefined,
    scopes: readonly string[],
  ): Promise<void> {
    if (resourceServerId == null) return;
    const server = await resourceServers.findRow(work.tx, work.ctx.realm.id, resourceServerId);
    if (!server) throw invalid('There is no such resource server in this realm.', 'resourceServerId');
    const [known] = await resourceServers.scopesOfMany(work.tx, work.ctx.realm.id, [resourceServerId]);
    const names = new Set(known?.map((scope) => scope.name));
    for (const scope of scopes) {
      if (!names.has(scope)) throw invalid(`The resource server has no scope ${scope}.`, 'allowedScopes');
      if (server.managed === null || work.ctx.actor.kind === 'SYSTEM') continue;
      if (!isScope(scope) || work.ctx.grants.get(scope) !== 'ALL')
        throw new DomainError(
          'forbidden',
          'SCOPE_NOT_HELD',
          `You do not hold the scope ${scope}, so you can't give it.`,
          {
            path: ['allowedScopes'],
          },
        );
    }
  }

  /** @throws DomainError INVALID_INPUT for a config of another realm, or one by which nobody can sign in to it */
  async function configFor(
    work: Work,
    grantTypes: readonly string[],
    wanted: string | null | undefined,
  ): Promise<AuthenticatorConfigRow> {
    const interactive = grantTypes.includes('authorization_code');
    const realmId = work.ctx.realm.id;
    if (wanted == null)
      return authenticatorConfigs.managed(work.tx, realmId, interactive ? 'HOSTED_WEB' : 'NONE');
    const config = await authenticatorConfigs.find(work.tx, realmId, wanted);
    if (!config) throw unknownConfig();
    if (interactive === (config.kind === 'NONE'))
      throw invalid(
        interactive
          ? 'Signing people in needs an authenticator config that has a page.'
          : 'Nobody signs in to this application, so its authenticator config is one without a page.',
        'authenticatorConfigId',
      );
    return config;
  }

  async function createIn(
    work: Work,
    input: ApplicationInput,
    managed: string | null,
  ): Promise<CreatedApplication> {
    await checkScopes(work, input.resourceServerId, input.allowedScopes);
    const realmId = work.ctx.realm.id;
    const config = await configFor(work, input.grantTypes, input.authenticatorConfigId);
    const applicationId = newId();
    await queries.insertApplication(work.tx, {
      realm_id: realmId,
      id: applicationId,
      display_name: input.displayName,
      type: input.type,
      managed,
      grant_types: input.grantTypes,
      redirect_uris: input.redirectUris,
      post_logout_redirect_uris: input.postLogoutRedirectUris,
      token_endpoint_auth_method:
        input.type === 'PUBLIC' ? 'none' : (input.tokenEndpointAuthMethod ?? 'client_secret_basic'),
      subject: input.subject,
      resource_server_id: input.resourceServerId ?? null,
      allowed_scopes: input.allowedScopes,
      access_token_lifetime: input.accessTokenLifetime,
      refresh_token_lifetime: input.refreshTokenLifetime,
      authenticator_config_id: config.id,
    });
    const application = await getIn(work.tx, realmId, applicationId);
    work.record(
      'application.created',
      { displayName: application.display_name, type: application.type },
      { subject: applicationSubject(application) },
    );
    const shown = managed !== null || holds(work.ctx, 'applications:read-secrets');
    const made = input.type === 'CONFIDENTIAL' && shown ? await addSecret(work, application) : undefined;
    return { application, secret: made?.secret ?? null };
  }

  return {
    createIn,
    /** @param source the transaction, where one is open: a second connection beside it could wait for ever */
    findRow: async (
      realmId: string,
      clientId: string,
      source: Db | Tx = db,
    ): Promise<ApplicationRow | undefined> =>
      isId(clientId) ? queries.selectApplication(source, realmId, clientId) : undefined,

    /** How the people of an application sign in. */
    authenticatorConfigOf: async (
      realmId: string,
      clientId: string,
    ): Promise<AuthenticatorConfigRow | undefined> =>
      isId(clientId) ? queries.selectAuthenticatorConfigOf(db, realmId, clientId) : undefined,

    findManaged: (source: Db | Tx, realmId: string, managed: 'ADMIN_CONSOLE' | 'MANAGEMENT_API') =>
      queries.selectManaged(source, realmId, managed),

    verifySecret: (realmId: string, applicationId: string, secret: string): Promise<boolean> =>
      verifySecret(db, realmId, applicationId, secret),

    async lockRow(work: Work, applicationId: string): Promise<ApplicationRow> {
      const row = await queries.lockApplication(work.tx, work.ctx.realm.id, applicationId);
      if (!row) throw notFound('application');
      return row;
    },

    /** @throws DomainError SCOPE_NOT_HELD for an application that may more than the caller */
    refuseBeyondOwn: (work: Work, row: ApplicationRow): Promise<void> =>
      checkScopes(work, row.resource_server_id, row.allowed_scopes),

    async find(ctx: RealmCtx, applicationId: string): Promise<ApplicationRow | undefined> {
      requireScope(ctx, 'applications:read');
      return isId(applicationId) ? queries.selectApplication(db, ctx.realm.id, applicationId) : undefined;
    },

    async list(ctx: RealmCtx, query: string | undefined, args: PageArgs): Promise<Page<ApplicationRow>> {
      requireScope(ctx, 'applications:read');
      const slice = sliceOf(args);
      const rows = await queries.selectApplications(db, ctx.realm.id, slice, query);
      return pageById(slice, rows);
    },

    create: command({
      name: 'applications.create',
      scope: 'applications:create',
      input: applicationInput as z.ZodType<ApplicationInput>,
      constraints: CONSTRAINTS,
      body: (work, input) => createIn(work, input, null),
    }),

    change: command({
      name: 'applications.change',
      scope: 'applications:update',
      input: applicationChange,
      constraints: CONSTRAINTS,
      body: async (work, input) => {
        const row = await lock(work, input.applicationId, input.ifVersion);
        const { set, changed } = changesOf(row, input);
        if (changed.some((field) => TAKES_OVER.has(field)))
          await checkScopes(work, row.resource_server_id, set.allowed_scopes);
        if (changed.includes('authenticatorConfigId'))
          await configFor(work, row.grant_types, set.authenticator_config_id);
        if (set.redirect_uris.length === 0 && row.grant_types.includes('authorization_code'))
          throw invalid('Signing people in needs a redirect URI.', 'redirectUris');
        if (row.resource_server_id === null && set.allowed_scopes.length > 0)
          throw invalid('Scopes need a resource server.', 'allowedScopes');
        if (changed.length === 0) {
          work.unchanged();
          return row;
        }
        await queries.updateApplication(work.tx, row, { ...set, updated_at: now() });
        work.record('application.updated', { changed }, { subject: applicationSubject(row) });
        return getIn(work.tx, row.realm_id, row.id);
      },
    }),

    remove: command({
      name: 'applications.remove',
      scope: 'applications:delete',
      input: z.object({ applicationId: id, ifVersion }),
      body: async (work, input) => {
        const row = await lock(work, input.applicationId, input.ifVersion);
        await queries.deleteApplication(work.tx, row);
        work.record(
          'application.deleted',
          { displayName: row.display_name },
          { subject: applicationSubject(row) },
        );
        return row;
      },
    }),
  };
}

function changesOf(row: ApplicationRow, input: ApplicationChange) {
  const set = {
    display_name: input.displayName ?? row.display_name,
    redirect_uris: input.redirectUris ?? row.redirect_uris,
    post_logout_redirect_uris: input.postLogoutRedirectUris ?? row.post_logout_redirect_uris,
    allowed_scopes: input.allowedScopes ?? row.allowed_scopes,
    authenticator_config_id: input.authenticatorConfigId ?? row.authenticator_config_id,
    access_token_lifetime: input.accessTokenLifetime ?? row.access_token_lifetime,
    refresh_token_lifetime: input.refreshTokenLifetime ?? row.refresh_token_lifetime,
  };
  const fields = [
    ['display_name', 'displayName'],
    ['redirect_uris', 'redirectUris'],
    ['post_logout_redirect_uris', 'postLogoutRedirectUris'],
    ['allowed_scopes', 'allowedScopes'],
    ['authenticator_config_id', 'authenticatorConfigId'],
    ['access_token_lifetime', 'accessTokenLifetime'],
    ['refresh_token_lifetime', 'refreshTokenLifetime'],
  ] as const;
  const changed = fields
    .filter(([column]) => JSON.stringify(set[column]) !== JSON.stringify(row[column]))
    .map(([, field]) => field);
  return { set, changed };
}
