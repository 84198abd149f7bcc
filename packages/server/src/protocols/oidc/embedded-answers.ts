import type { IncomingMessage, ServerResponse } from 'node:http';
import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type { Services } from '../../services.js';
import { type Flow, flowContext } from './flow.js';

/**
 * MANUAL: the application asks by itself, without a browser that could be sent anywhere, and gets the addresses as
 * JSON. From a browser that may be read by pages of the trusted origins alone.
 */
export async function answerManually(services: Services, flow: Flow, ctx: KoaContextWithOIDC): Promise<void> {
  if (ctx.oidc?.route !== 'authorization' || !ctx.oidc.client) return;
  const embedding = await services.embedded.ofApplication(flow.realm.id, ctx.oidc.client.clientId);
  if (embedding?.invocation !== 'MANUAL') return;
  const origin = ctx.get('origin');
  ctx.vary('Origin');
  if (origin !== '' && !embedding.trustedOrigins.includes(origin)) {
    const data = { reason: 'origin', target: origin.slice(0, 256) };
    await services.events.record(flowContext(flow), 'access.refused', data, { outcome: 'REFUSED' });
    return refuse(ctx, flow, 403, 'ORIGIN_NOT_TRUSTED', 'Pages of this origin may not do that here.');
  }
  if (origin !== '') ctx.set('access-control-allow-origin', origin);
  ctx.set('access-control-expose-headers', 'x-correlation-id');
  const location: unknown = ctx.response.get('location');
  if (typeof location === 'string' && location !== '') {
    ctx.remove('location');
    ctx.status = 200;
    ctx.body = { [ctx.oidc.entities.Interaction ? 'authenticateUrl' : 'redirectUrl']: location };
  } else if (flow.refusal) {
    refuse(ctx, flow, ctx.status, flow.refusal.message, 'The application sent a request that is not valid.');
  }
}

function refuse(ctx: KoaContextWithOIDC, flow: Flow, status: number, code: string, message: string): void {
  ctx.remove('location');
  ctx.status = status;
  ctx.body = { error: { code, message, correlationId: flow.correlationId } };
}

/**
 * A page of another origin finished the sign-in, so the browser that comes back may be one that we have never seen:
 * an authorization that an application asked for by itself leaves no cookie. It gets its code, and nothing else: a
 * session with us stays with the browser that began one here, so that nobody can be signed in by an address they were
 * sent.
 * @returns whether the browser is a stranger
 */
export function admitStranger(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  uid: string,
): boolean {
  const name = provider.cookieName('resume');
  if (new RegExp(`(?:^|; ?)${name}=`).test(request.headers.cookie ?? '')) return false;
  const { cookies } = provider.createContext(request, response);
  const keys: unknown = Reflect.get(cookies, 'keys');
  const sign: unknown = Reflect.get(Object(keys), 'sign');
  if (typeof sign !== 'function') throw new Error('the engine signs no cookies');
  const pair = `${name}=${uid}`;
  request.headers.cookie = `${pair}; ${name}.sig=${String(sign.call(keys, pair))}`;
  return true;
}
