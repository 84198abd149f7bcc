import { CALLBACK_PATH, CONSOLE_PATH } from './addresses';
import { loadConfig } from './config';
import { failureOf, type SignInFailure } from './failure';
import { createOidcClient, type OidcClient } from './oidc';
import { currentAddress, openSession, type Session } from './session';
import { pendingSignIn, rememberedRealm, rememberedTenant, signedOut } from './storage';

/** What a fresh page has to show. */
export type Start =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'signed-out'; readonly signIn: () => Promise<void> }
  | { readonly kind: 'tenant-needed'; readonly message: string | undefined }
  | { readonly kind: 'failed'; readonly failure: SignInFailure; readonly tryAgain: () => Promise<void> }
  /** On the way to the sign-in page. */
  | { readonly kind: 'leaving' };

/** Runs once a page load, outside React: a code can be exchanged only once. */
export async function start(): Promise<Start> {
  const callback = location.pathname === CALLBACK_PATH;
  const asked = takeTenantParameter();
  const tenantId = callback ? pendingSignIn.read()?.tenantId : asked;
  const returnTo = callback ? (pendingSignIn.read()?.returnTo ?? CONSOLE_PATH) : currentAddress();
  try {
    const answer = await loadConfig(tenantId ?? rememberedTenant.read());
    if (answer.kind === 'tenant-needed') {
      rememberedTenant.clear();
      return answer;
    }
    if (rememberedTenant.read() !== answer.config.tenantId) rememberedRealm.clear();
    rememberedTenant.write(answer.config.tenantId);
    const client = createOidcClient(answer.config);
    return await enter(client, callback, returnTo);
  } catch (error) {
    return { kind: 'failed', failure: failureOf(error), tryAgain: async () => location.assign(returnTo) };
  }
}

async function enter(client: OidcClient, callback: boolean, returnTo: string): Promise<Start> {
  const signIn = () => client.begin(returnTo);
  if (callback) {
    try {
      const done = await client.complete(new URL(location.href));
      history.replaceState(null, '', done.returnTo);
      return { kind: 'signed-in', session: openSession(client, done.tokens) };
    } catch (error) {
      return { kind: 'failed', failure: failureOf(error), tryAgain: signIn };
    }
  }
  if (signedOut.read()) return { kind: 'signed-out', signIn };
  await signIn();
  return { kind: 'leaving' };
}

/** `?tenant=` chooses the tenant once and does not stay in the address. */
function takeTenantParameter(): string | undefined {
  const url = new URL(location.href);
  const tenantId = url.searchParams.get('tenant')?.trim();
  if (!tenantId) return undefined;
  url.searchParams.delete('tenant');
  history.replaceState(null, '', url.pathname + url.search + url.hash);
  return tenantId;
}
