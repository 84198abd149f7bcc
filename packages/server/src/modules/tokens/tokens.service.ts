import { decodeJwt, errors, importJWK, jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { now, secondsFromNow } from '../../kernel/clock.js';
import type { Db, Runner } from '../../kernel/command.js';
import type { Actor, Ctx, Reach, RealmRef, RequestFacts } from '../../kernel/context.js';
import { DomainError, invalid } from '../../kernel/errors.js';
import { createFresh } from '../../kernel/fresh.js';
import { hashSecret, isId, newId } from '../../kernel/ids.js';
import { anyone, isScope, MANAGEMENT_AUDIENCE, type Scope } from '../../kernel/permissions.js';
import { line } from '../../kernel/text.js';
import type { ApplicationRow, ApplicationsService } from '../applications/applications.service.js';
import type { IdentitiesService, IdentityRow } from '../identities/identities.service.js';
import type { RolesService } from '../roles/roles.service.js';
import type { SessionsService } from '../sessions/sessions.service.js';
import type { SigningKey, SigningKeysService } from '../signing-keys/signing-keys.service.js';
import { SIGNING_ALGORITHMS } from '../signing-keys/signing-keys.types.js';
import * as queries from './tokens.queries.js';
import type { AccessClaims, LiveToken, MintedToken } from './tokens.types.js';

interface Deps {
  db: Db;
  command: Runner;
  keys: SigningKeysService;
  applications: ApplicationsService;
  identities: IdentitiesService;
  sessions: SessionsService;
  roles: RolesService;
  publicUrl: string;
}

const claimsSchema = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.string(),
  exp: z.number(),
  iat: z.number(),
  jti: z.string(),
  client_id: z.string(),
  scope: z.string().default(''),
  sid: z.string().optional(),
  auth_time: z.number().optional(),
});

const THREE_MONTHS = 7_776_000;

/** No longer than a realm's keys are kept: what a retired key signed is refused within this time. */
const CHECKED_FRESH_MS = 5_000;
const CHECKED_KEPT = 5_000;

const mintInput = z.object({
  name: line(200),
  scopes: z.array(z.string()).min(1, 'Name at least one scope.').max(100),
  expiresInSeconds: z.number().int().min(60).max(31_536_000).default(THREE_MONTHS),
  /** Beside a live one of this name, which it is to take the place of. */
  replace: z.boolean().default(false),
});

/** Every use would be a write. */
const USE_NOTED_SECONDS = 60;

const notValid = () =>
  new DomainError('unauthenticated', 'UNAUTHENTICATED', 'This token is not valid, or not any more.');

export function createTokensService(deps: Deps) {
  const { db, keys } = deps;
  const prefix = `${deps.publicUrl}/realms/`;
  const checked = createFresh<AccessClaims>(CHECKED_KEPT, CHECKED_FRESH_MS);

  /** Whose token it says it is; nothing of it is believed before the signature was checked with that realm's keys. */
  function realmIdOf(token: string): string | undefined {
    let issuer: string | undefined;
    try {
      issuer = decodeJwt(token).iss;
    } catch {
      return undefined;
    }
    const id = issuer?.startsWith(prefix) ? issuer.slice(prefix.length) : '';
    return isId(id) ? id : undefined;
  }

  /** Signatures are checked once in a while; whether the token is still good is asked of the database every time. */
  async function claimsOf(token: string, realmId: string): Promise<AccessClaims | undefined> {
    const digest = hashSecret(token).toString('base64');
    const kept = checked.get(digest);
    if (kept) return kept.exp * 1000 > now().getTime() ? kept : undefined;
    const claims = await checkedClaims(token, realmId);
    if (claims) checked.set(digest, claims);
    return claims;
  }

  async function checkedClaims(token: string, realmId: string): Promise<AccessClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, await keys.verifier(realmId), {
        issuer: `${prefix}${realmId}`,
        algorithms: [...SIGNING_ALGORITHMS],
        typ: 'at+jwt',
        clockTolerance: 5,
      });
      const parsed = claimsSchema.safeParse(payload);
      return parsed.success ? (parsed.data as AccessClaims) : undefined;
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  async function holderOf(
    realmId: string,
    claims: AccessClaims,
  ): Promise<{ identity: IdentityRow } | 'application' | undefined> {
    if (claims.sid === undefined) return claims.sub === claims.client_id ? 'application' : undefined;
    if (!isId(claims.sid)) return undefined;
    const session = await deps.sessions.seen(realmId, claims.sid);
    if (!session) return undefined;
    const identity = await deps.identities.findRow(db, realmId, session.identity_id);
    return identity?.status === 'ACTIVE' ? { identity } : undefined;
  }

  /** @returns undefined for a token that is forged, expired, revoked, or whose session, identity or application ended */
  async function verify(token: string, inRealm?: string): Promise<LiveToken | undefined> {
    if (token.length > 8192) return undefined;
    const realmId = realmIdOf(token);
    if (realmId === undefined || (inRealm !== undefined && realmId !== inRealm)) return undefined;
    const claims = await claimsOf(token, realmId);
    if (!claims || !isId(claims.client_id)) return undefined;
    const [standing, holder] = await Promise.all([
      queries.selectStanding(db, realmId, { clientId: claims.client_id, jti: claims.jti }),
      holderOf(realmId, claims),
    ]);
    if (!standing || standing.revoked || !holder) return undefined;
    return {
      realm: standing.realm,
      claims,
      application: standing.application,
      ...(holder === 'application' ? {} : { identity: holder.identity }),
      ...(standing.name === null ? {} : { apiTokenName: standing.name, apiTokenUsedAt: standing.usedAt }),
    };
  }

  /** What the token may do at this moment: never more than it says, than the application is allowed, than its person holds. */
  async function scopesOf(live: LiveToken): Promise<ReadonlyMap<string, Reach>> {
    const { application, claims, identity, realm } = live;
    const said = new Set(claims.scope.split(' '));
    const allowed = application.allowed_scopes.filter((scope) => said.has(scope));
    if (!identity || application.resource_server_id === null)
      return new Map(allowed.map((scope) => [scope, 'ALL']));
    const held = await deps.roles.effectiveScopes(realm.id, identity.id, application.resource_server_id);
    return new Map(
      allowed.flatMap((scope): [string, Reach][] => {
        const reach = held.get(scope);
        return reach === undefined ? [] : [[scope, reach]];
      }),
    );
  }

  async function noteUse({ apiTokenName, apiTokenUsedAt, claims, realm }: LiveToken): Promise<void> {
    const before = secondsFromNow(-USE_NOTED_SECONDS);
    if (apiTokenName === undefined || (apiTokenUsedAt != null && apiTokenUsedAt >= before)) return;
    await queries.touchApiToken(db, realm.id, claims.jti, now(), before);
  }

  return {
    verify,
    scopesOf,

    /**
     * The caller of GraphQL or SCIM.
     * @throws DomainError UNAUTHENTICATED for a token that is not a live one of the Management API
     */
    async authenticate(facts: RequestFacts, token: string): Promise<Ctx> {
      const live = await verify(token);
      const meant = live?.claims.aud === MANAGEMENT_AUDIENCE && live.realm.kind === 'ADMIN';
      if (!live || !meant) throw notValid();
      const grants = new Map<Scope, Reach>();
      for (const [scope, reach] of await scopesOf(live)) if (isScope(scope)) grants.set(scope, reach);
      await noteUse(live);
      return { ...facts, actor: actorOf(live), tenantId: live.realm.tenantId, grants };
    },

    /** A named, long-lived token of the Management API application; called in the Admin Realm. */
    mint: deps.command({
      name: 'tokens.mint',
      scope: 'tokens:create',
      input: mintInput as z.ZodType<z.infer<typeof mintInput>>,
      body: async (work, input): Promise<MintedToken> => {
        const realm = work.ctx.realm;
        const application = await deps.applications.findManaged(work.tx, realm.id, 'MANAGEMENT_API');
        if (!application) throw invalid('API tokens are minted in the Admin Realm.', 'realmId');
        const scopes = [...new Set(input.scopes)].sort();
        for (const scope of scopes) {
          if (!application.allowed_scopes.includes(scope))
            throw invalid(`There is no scope ${scope} in the Management API.`, 'scopes');
          if (!isScope(scope) || work.ctx.grants.get(scope) !== 'ALL')
            throw new DomainError(
              'forbidden',
              'SCOPE_NOT_HELD',
              `You do not hold the scope ${scope}, so you can't give it.`,
              { path: ['scopes'] },
            );
        }
        if (!input.replace && (await queries.nameIsTaken(work.tx, application, input.name, now())))
          throw new DomainError('conflict', 'TOKEN_NAME_TAKEN', 'Another live API token has this name.', {
            path: ['name'],
          });
        const key = await keys.current(work);
        const row = await queries.insertApiToken(work.tx, {
          realm_id: realm.id,
          id: newId(),
          signing_key_id: key.id,
          application_id: application.id,
          name: input.name,
          scopes,
          created_by_name: 'displayName' in work.ctx.actor ? work.ctx.actor.displayName : 'Anonymous',
          created_by_id: 'id' in work.ctx.actor ? work.ctx.actor.id : null,
          expires_at: secondsFromNow(input.expiresInSeconds),
        });
        work.record(
          'api_token.created',
          { name: row.name, scopes, expiresAt: row.expires_at.toISOString() },
          { subject: { kind: 'API_TOKEN', id: row.id, name: row.name } },
        );
        const token = await sign(key, realm, application, row);
        return { token, tokenId: row.id, expiresAt: row.expires_at, row };
      },
    }),

    /** By the application that it was issued to, which has authenticated itself (RFC 7009). */
    revokeOwn: deps.command({
      name: 'tokens.revokeOwn',
      scope: anyone,
      input: z.object({ jti: z.string().max(100), expiresAt: z.date(), applicationId: z.string() }),
      body: async (work, input): Promise<void> => {
        const realmId = work.ctx.realm.id;
        const first = await queries.insertRevoked(work.tx, {
          realm_id: realmId,
          jti: input.jti,
          expires_at: input.expiresAt,
        });
        if (isId(input.jti)) await queries.revokeApiToken(work.tx, realmId, input.jti, now());
        if (first) work.record('token.revoked', { applicationId: input.applicationId });
        else work.unchanged();
      },
    }),
  };

  async function sign(
    key: SigningKey,
    realm: RealmRef,
    application: ApplicationRow,
    row: queries.ApiTokenRow,
  ): Promise<string> {
    return new SignJWT({
      client_id: application.id,
      scope: row.scopes.join(' '),
      tenant_id: realm.tenantId,
      realm_id: realm.id,
    })
      .setProtectedHeader({ alg: key.algorithm, typ: 'at+jwt', kid: key.id })
      .setIssuer(`${prefix}${realm.id}`)
      .setSubject(application.id)
      .setAudience(MANAGEMENT_AUDIENCE)
      .setJti(row.id)
      .setIssuedAt(now())
      .setExpirationTime(row.expires_at)
      .sign(await importJWK(key.privateJwk, key.algorithm));
  }
}

function actorOf(live: LiveToken): Actor {
  const { application, identity, realm } = live;
  if (identity)
    return {
      kind: 'IDENTITY',
      id: identity.id,
      realmId: realm.id,
      displayName: identity.display_name,
      username: identity.username,
    };
  const { display_name: name } = application;
  const machine = { kind: 'APPLICATION', id: application.id, realmId: realm.id } as const;
  return live.apiTokenName === undefined
    ? { ...machine, displayName: name }
    : { ...machine, displayName: `${name} (${live.apiTokenName})`, credentialName: live.apiTokenName };
}
