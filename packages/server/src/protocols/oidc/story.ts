import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Actor } from '../../kernel/context.js';
import { isId } from '../../kernel/ids.js';
import type { Services } from '../../services.js';
import { SESSIONS } from './accounts.js';
import { SESSION } from './adapter.js';
import { type Flow, flowContext } from './flow.js';
import { identityOf } from './lookups.js';

/** Whoever gets a code or a token was there: an idle limit counts from here. */
async function see(services: Services, flow: Flow, ctx: KoaContextWithOIDC): Promise<void> {
  const { AuthorizationCode: code, Grant: grant } = ctx.oidc?.entities ?? {};
  if (flow.refusal || !grant || (ctx.oidc.route !== 'token' && !code)) return;
  const sessionId: unknown = Reflect.get(grant, SESSION);
  if (typeof sessionId === 'string') await services.sessions.seen(flow.realm.id, sessionId);
}

/** Tells in events what the engine did with a request, after it did it and before the answer leaves. */
export async function tell(services: Services, flow: Flow, ctx: KoaContextWithOIDC): Promise<void> {
  await see(services, flow, ctx);
  const route = ctx.oidc?.route;
  if (route === 'token') await tellToken(services, flow, ctx);
  else if (route === 'authorization' || route === 'resume') await tellAuthorization(services, flow, ctx);
  else if (route === 'end_session_confirm') await endSessions(services, flow, ctx);
}

async function tellToken(services: Services, flow: Flow, ctx: KoaContextWithOIDC): Promise<void> {
  const applicationId = ctx.oidc.client?.clientId ?? null;
  const grantType = textOf(Reflect.get(ctx.oidc.params ?? {}, 'grant_type'));
  const { refusal } = flow;
  const client = ctx.oidc.client;
  const subject =
    applicationId !== null && client
      ? {
          subject: {
            kind: 'APPLICATION' as const,
            id: applicationId,
            name: client.clientName ?? applicationId,
          },
        }
      : {};
  const actor = await actorOf(services, flow, ctx);
  if (refusal)
    await services.events.record(
      flowContext(flow),
      'token.refused',
      { applicationId, grantType, error: refusal.message },
      { ...subject, outcome: 'REFUSED', actor: { kind: 'ANONYMOUS' } },
    );
  else if (applicationId !== null && ctx.status === 200)
    await services.events.record(
      flowContext(flow),
      'token.issued',
      {
        applicationId,
        grantType: grantType ?? '',
        scope: textOf(Reflect.get(Object(ctx.body), 'scope')) ?? '',
      },
      { ...subject, actor },
    );
}

async function tellAuthorization(services: Services, flow: Flow, ctx: KoaContextWithOIDC): Promise<void> {
  const applicationId = ctx.oidc.client?.clientId ?? null;
  const actor = await actorOf(services, flow, ctx);
  const context = flowContext(flow);
  if (flow.refusal) {
    const error = flow.refusal.message;
    await services.events.record(
      context,
      'authorization.refused',
      { applicationId, error },
      { outcome: 'REFUSED', actor },
    );
    return;
  }
  if (applicationId === null) return;
  await services.events.tell(context, (record) => {
    if (ctx.oidc.route === 'authorization') record('authorization.requested', { applicationId }, { actor });
    if (ctx.oidc.entities.AuthorizationCode) record('authorization.completed', { applicationId }, { actor });
  });
}

/** Signing out ends our sessions, and with them everything that hangs on them. */
async function endSessions(services: Services, flow: Flow, ctx: KoaContextWithOIDC): Promise<void> {
  const { session } = ctx.oidc;
  if (!session || Reflect.get(session, 'destroyed') !== true) return;
  const ids: unknown = Reflect.get(session, SESSIONS);
  const actor = await actorOf(services, flow, ctx);
  await services.events.transact(flowContext(flow), async (work) => {
    for (const id of Array.isArray(ids) ? ids : []) {
      if (typeof id !== 'string' || !isId(id)) continue;
      if (await services.sessions.end(work, id))
        work.record(
          'session.ended',
          { reason: 'signed_out', ...(actor.kind === 'IDENTITY' ? { identityId: actor.id } : {}) },
          { actor, subject: { kind: 'SESSION', id, name: 'Session' } },
        );
    }
  });
}

async function actorOf(services: Services, flow: Flow, ctx: KoaContextWithOIDC): Promise<Actor> {
  const identityId = ctx.oidc.account?.accountId ?? ctx.oidc.session?.accountId;
  if (identityId !== undefined) {
    const row = await identityOf(services, flow.realm.id, identityId);
    if (row)
      return {
        kind: 'IDENTITY',
        id: row.id,
        realmId: row.realm_id,
        displayName: row.display_name,
        username: row.username,
      };
  }
  const client = ctx.oidc.client;
  const machine = client && ctx.oidc.route === 'token';
  if (!machine) return { kind: 'ANONYMOUS' };
  return {
    kind: 'APPLICATION',
    id: client.clientId,
    realmId: flow.realm.id,
    displayName: client.clientName ?? client.clientId,
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value.slice(0, 2000) : null);
